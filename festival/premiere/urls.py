from django.urls import path

from festival.premiere.views import desk, formats, public

app_name = "premiere"
DESK = "<slug:edition>/desk/premiere/"
ONE = f"{DESK}<slug:code>/"
urlpatterns = [
    path("<slug:edition>/programme/", public.programme, name="programme"),
    path("<slug:edition>/programme.ics", formats.calendar, name="calendar"),
    path("<slug:edition>/programme/<str:form>", formats.file, name="file"),
    path(DESK, desk.overview, name="desk"),
    path(f"{DESK}new/", desk.new, name="new"),
    path(f"{DESK}halls/new/", desk.hall_new, name="hall_new"),
    path(f"{DESK}halls/<int:pk>/", desk.hall, name="hall"),
    path(ONE, desk.screening, name="screening"),
    path(f"{ONE}edit/", desk.edit, name="edit"),
    path(f"{ONE}films/", desk.add_film, name="add_film"),
    path(f"{ONE}items/", desk.add_other, name="add_other"),
    path(f"{ONE}items/<int:pk>/move/", desk.move_item, name="move_item"),
    path(f"{ONE}items/<int:pk>/remove/", desk.remove_item, name="remove_item"),
    path(f"{ONE}release/", desk.release, name="release"),
    path(f"{ONE}take-back/", desk.take_back, name="take_back"),
    path(f"{ONE}delete/", desk.delete, name="delete"),
]
