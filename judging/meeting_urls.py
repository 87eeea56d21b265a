"""Addresses of meetings; the same namespace as judging/urls.py."""

from django.urls import path

from judging.views import meeting_room, meeting_votes, meetings

DESK = "<slug:edition>/desk/meetings/"
ROOM = "<slug:edition>/meeting/<int:pk>/"
urlpatterns = [
    path(DESK, meetings.meetings, name="meetings"),
    path(f"{DESK}new/", meetings.new, name="meeting_new"),
    path(f"{DESK}<int:pk>/", meetings.meeting, name="meeting_desk"),
    path(f"{DESK}<int:pk>/films/", meetings.films, name="meeting_films"),
    path(f"{DESK}<int:pk>/agenda/", meetings.agenda, name="meeting_agenda"),
    path(f"{DESK}<int:pk>/tell/", meetings.tell, name="meeting_tell"),
    path(f"{DESK}<int:pk>/open/", meetings.open_meeting, name="meeting_open"),
    path(f"{DESK}<int:pk>/remove/", meetings.remove, name="meeting_remove"),
    path(ROOM, meeting_room.room, name="meeting"),
    path(f"{ROOM}film/<slug:code>/", meeting_room.film, name="meeting_film"),
    path(f"{ROOM}film/<slug:code>/move/", meeting_room.move, name="meeting_move"),
    path(f"{ROOM}film/<slug:code>/aside/", meeting_room.aside, name="meeting_aside"),
    path(f"{ROOM}note/", meeting_room.note, name="meeting_note"),
    path(f"{ROOM}note/<int:note>/back/", meeting_room.take_back, name="meeting_take_back"),
    path(f"{ROOM}order/", meeting_room.order, name="meeting_order"),
    path(f"{ROOM}table/", meeting_room.table, name="meeting_table"),
    path(f"{ROOM}tick/", meeting_room.tick, name="meeting_tick"),
    path(f"{ROOM}ask/", meeting_votes.ask, name="meeting_ask"),
    path(f"{ROOM}motion/", meeting_votes.move, name="meeting_motion"),
    path(f"{ROOM}vote/<int:vote>/", meeting_votes.vote, name="meeting_vote"),
    path(f"{ROOM}vote/<int:vote>/close/", meeting_votes.close, name="meeting_vote_close"),
    path(f"{ROOM}vote/<int:vote>/take/", meeting_votes.take, name="meeting_vote_take"),
    path(f"{ROOM}close/", meeting_room.close, name="meeting_close"),
    path(f"{ROOM}minutes/", meeting_room.minutes, name="meeting_minutes"),
]
