from django.urls import path

from festival.catalogue.views import desk, public

app_name = "catalogue"
DESK = "<slug:edition>/desk/films/"
urlpatterns = [
    path("<slug:edition>/films/<slug:code>/", public.film, name="film"),
    path("<slug:edition>/films/<slug:code>/still.jpg", public.still, name="still"),
    path(DESK, desk.films, name="desk"),
    path(f"{DESK}guest/", desk.guest, name="guest"),
    path(f"{DESK}<slug:code>/edit/", desk.guest_edit, name="guest_edit"),
    path(f"{DESK}<slug:code>/composing/", desk.composing, name="composing"),
    path(f"{DESK}<slug:code>/publish/", desk.publish, name="publish"),
]
