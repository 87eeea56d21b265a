"""Addresses of cohorts. They stand before those of entries and editions."""

from django.urls import path

from submissions.cohorts.views import desk, invited, milestones, review, support, team

app_name = "cohorts"
DESK = "<slug:edition>/desk/cohorts/"
COHORT = f"{DESK}<slug:cohort>/"

# Who was invited, by the letter's link
INVITED = [
    path("entries/place/<str:token>/", invited.place, name="place"),
    path("entries/place/<str:token>/accept/", invited.accept, name="place_accept"),
    path("entries/place/<str:token>/decline/", invited.decline, name="place_decline"),
]

# The team
TEAM = [
    path("entries/<slug:code>/milestones/", team.milestones, name="team"),
    path("entries/<slug:code>/places/<int:pk>/answer/", team.answer, name="answer"),
    path("entries/<slug:code>/places/<int:pk>/leave/", team.leave, name="leave"),
    path("entries/<slug:code>/milestones/<int:pk>/", milestones.milestone, name="milestone"),
    path("entries/<slug:code>/milestones/<int:pk>/files/<int:wanted>/", milestones.send, name="send"),
    path("entries/<slug:code>/milestones/<int:pk>/time/", milestones.ask_time, name="ask_time"),
    path(
        "entries/<slug:code>/milestones/<int:pk>/time/back/", milestones.take_time_back, name="take_time_back"
    ),
    path("entries/<slug:code>/notes/<int:pk>/", milestones.note, name="note"),
]

# The desk
ORGANISERS = [
    path(DESK, desk.cohorts, name="desk"),
    path(COHORT, desk.cohort, name="cohort"),
    path(f"{COHORT}next/", desk.offer_free, name="offer_free"),
    path(f"{COHORT}places/<int:pk>/offer/", desk.offer, name="offer"),
    path(f"{COHORT}places/<int:pk>/end/", desk.end, name="end"),
    path(f"{COHORT}milestones/", review.matrix, name="matrix"),
    path(f"{COHORT}<int:milestone>/<int:pk>/", review.team, name="review"),
    path(f"{COHORT}<int:milestone>/<int:pk>/decide/", review.decide, name="decide"),
    path(f"{COHORT}<int:milestone>/<int:pk>/reopen/", review.reopen, name="reopen"),
    path(f"{COHORT}<int:milestone>/<int:pk>/extend/", review.extend, name="extend"),
    path(f"{COHORT}<int:milestone>/<int:pk>/decline/", review.decline_time, name="decline_time"),
    path(f"{COHORT}<int:milestone>/<int:pk>/note/<int:part>/", review.note, name="desk_note"),
    path(f"{COHORT}<int:milestone>/<int:pk>/note/<int:note>/remove/", review.remove_note, name="note_remove"),
    path(f"{COHORT}support/", support.ledger, name="support"),
    path(f"{COHORT}support/<int:pk>/", support.of_team, name="team_support"),
    path(f"{COHORT}support/<int:pk>/back/", support.take_back, name="take_back"),
    path(f"{COHORT}support.csv", support.table, name="support_csv"),
]

urlpatterns = [*INVITED, *TEAM, *ORGANISERS]
