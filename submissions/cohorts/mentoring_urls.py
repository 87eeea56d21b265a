"""Addresses of mentoring and interviews: a mentor's teams, one team's page, and the desk."""

from django.urls import path

from submissions.cohorts import desk_mentoring_views as desk
from submissions.cohorts import interview_views as interviews
from submissions.cohorts import mentoring_views as views

TEAM = "mentoring/<int:pk>/"
DESK = "<slug:edition>/desk/mentoring/"
COHORT = f"{DESK}<slug:cohort>/"
SLOTS = f"{COHORT}interviews/"

urlpatterns = [
    path("mentoring/", views.teams, name="mentoring"),
    path("mentoring/interviews.ics", interviews.own_calendar, name="interviews_ics"),
    path(TEAM, views.team, name="mentoring_team"),
    path(f"{TEAM}milestones/<int:milestone>/", views.milestone, name="mentoring_milestone"),
    path(f"{TEAM}sessions/add/", views.session_add, name="session_add"),
    path(f"{TEAM}sessions/<int:row>/", views.session, name="session"),
    path(f"{TEAM}sessions/<int:row>/remove/", views.session_remove, name="session_remove"),
    path(f"{TEAM}to-do/add/", views.item_add, name="item_add"),
    path(f"{TEAM}to-do/<int:row>/tick/", views.item_tick, name="item_tick"),
    path(f"{TEAM}to-do/<int:row>/remove/", views.item_remove, name="item_remove"),
    path(f"{TEAM}interview/book/", interviews.book, name="interview_book"),
    path(f"{TEAM}interview/cancel/", interviews.cancel, name="interview_cancel"),
    path(f"{TEAM}interview.ics", interviews.calendar_file, name="interview_ics"),
    path(DESK, desk.overview, name="desk_mentoring"),
    path(f"{COHORT}mentors/add/", desk.mentor_add, name="mentor_add"),
    path(f"{COHORT}mentors/<int:pk>/remove/", desk.mentor_remove, name="mentor_remove"),
    path(SLOTS, interviews.slots, name="interview_slots"),
    path(f"{SLOTS}announce/", interviews.announce, name="interviews_announce"),
    path(f"{SLOTS}<int:pk>/", interviews.slot, name="interview_slot"),
    path(f"{SLOTS}<int:pk>/assign/", interviews.assign, name="interview_assign"),
    path(f"{SLOTS}<int:pk>/free/", interviews.free, name="interview_free"),
    path(f"{SLOTS}<int:pk>/remove/", interviews.remove, name="interview_remove"),
]
