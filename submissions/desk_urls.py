"""Addresses of the technicians' desk."""

from django.urls import path

from submissions.views import desk

ENTRIES = "<slug:edition>/desk/entries/"
urlpatterns = [
    path(ENTRIES, desk.entries, name="desk_entries"),
    path("<slug:edition>/desk/inspections/", desk.inspections, name="desk_inspections"),
    path(f"{ENTRIES}<slug:code>/", desk.entry, name="desk_entry"),
    path(f"{ENTRIES}<slug:code>/move/<slug:move>/", desk.decide, name="desk_move"),
    path(f"{ENTRIES}<slug:code>/inspect/", desk.reinspect, name="desk_reinspect"),
    path(f"{ENTRIES}<slug:code>/catalogue/", desk.catalogue, name="desk_catalogue"),
]
