from django.urls import path

from festival.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("<slug:edition>/films/<slug:code>/", views.film, name="film"),
    path("<slug:edition>/films/<slug:code>/still.jpg", views.still, name="still"),
]
