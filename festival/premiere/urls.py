from django.urls import path

from festival.premiere.views import desk, guests, online, places, public, screenings

app_name = "premiere"
DESK = "<slug:edition>/desk/premiere/"
ONE = f"{DESK}<slug:code>/"
urlpatterns = [
    path("<slug:edition>/programme/", public.programme, name="programme"),
    path("<slug:edition>/programme.ics", public.calendar, name="calendar"),
    path("<slug:edition>/online/<slug:code>/", online.room, name="online"),
    path("<slug:edition>/online/<slug:code>/seat/", online.seat, name="online_seat"),
    path(DESK, desk.overview, name="desk"),
    path(f"{DESK}new/", desk.new, name="new"),
    path(f"{DESK}places/", places.overview, name="places"),
    path(f"{DESK}places/travel/", places.travel, name="travel"),
    path(f"{DESK}venues/new/", places.venue_new, name="venue_new"),
    path(f"{DESK}venues/<int:pk>/", places.venue, name="venue"),
    path(f"{DESK}venues/<int:pk>/delete/", places.delete_venue, name="venue_delete"),
    path(f"{DESK}venues/<int:pk>/halls/new/", places.hall_new, name="hall_new"),
    path(f"{DESK}halls/<int:pk>/", places.hall, name="hall"),
    path(f"{DESK}halls/<int:pk>/delete/", places.delete_hall, name="hall_delete"),
    path(f"{DESK}halls/<int:pk>/hours/", places.add_hours, name="hours_add"),
    path(f"{DESK}halls/<int:pk>/hours/<int:row>/remove/", places.remove_hours, name="hours_remove"),
    path(f"{DESK}guests/", guests.overview, name="guests"),
    path(f"{DESK}guests/new/", guests.new, name="guest_new"),
    path(f"{DESK}guests/<int:pk>/", guests.guest, name="guest"),
    path(f"{DESK}guests/<int:pk>/delete/", guests.delete, name="guest_delete"),
    path(f"{DESK}guests/<int:pk>/films/", guests.add_film, name="guest_film_add"),
    path(f"{DESK}guests/<int:pk>/films/<int:row>/remove/", guests.remove_film, name="guest_film_remove"),
    path(f"{DESK}guests/<int:pk>/times/", guests.add_time, name="guest_time_add"),
    path(f"{DESK}guests/<int:pk>/times/<int:row>/remove/", guests.remove_time, name="guest_time_remove"),
    path(ONE, desk.screening, name="screening"),
    path(f"{ONE}edit/", desk.edit, name="edit"),
    path(f"{ONE}films/", desk.add_film, name="add_film"),
    path(f"{ONE}items/", desk.add_other, name="add_other"),
    path(f"{ONE}items/<int:pk>/move/", desk.move_item, name="move_item"),
    path(f"{ONE}items/<int:pk>/remove/", desk.remove_item, name="remove_item"),
    path(f"{ONE}release/", desk.release, name="release"),
    path(f"{ONE}take-back/", desk.take_back, name="take_back"),
    path(f"{ONE}delete/", desk.delete, name="delete"),
    path(f"{ONE}cancel/", screenings.cancel, name="cancel"),
    path(f"{ONE}reinstate/", screenings.reinstate, name="reinstate"),
    path(f"{ONE}repeat/", screenings.repeat, name="repeat"),
    path(f"{ONE}lengths/", screenings.take_lengths, name="lengths"),
    path(f"{ONE}rehearsals/", screenings.add_rehearsal, name="rehearsal_add"),
    path(f"{ONE}rehearsals/<int:pk>/remove/", screenings.remove_rehearsal, name="rehearsal_remove"),
]
