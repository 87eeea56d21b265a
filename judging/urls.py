"""Addresses of judging and of the desk. Fixed beginnings stand before those that begin with an edition's address."""

from django.urls import path

from judging.views import calibration, console, desk, jury, jury_desk, rounds, standing

app_name = "judging"
urlpatterns = [
    path("looks/<int:pk>/", console.console, name="console"),
    path("looks/<int:pk>/save/", console.save, name="save"),
    path("looks/<int:pk>/watched/", console.watched, name="watched"),
    path("looks/<int:pk>/note/", console.note, name="note"),
    path("looks/<int:pk>/finish/", console.finish, name="finish"),
    path("looks/<int:pk>/reopen/", console.reopen, name="reopen"),
    path("looks/<int:pk>/recuse/", console.recuse, name="recuse"),
    path("<slug:edition>/jury/", jury.home, name="jury"),
    path("<slug:edition>/jury/<slug:round>/", jury.queue, name="queue"),
    path("<slug:edition>/jury/<slug:round>/welcome/", calibration.welcome, name="welcome"),
    path("<slug:edition>/jury/<slug:round>/calibration/<int:pk>/", calibration.trial, name="trial"),
    path("<slug:edition>/desk/", desk.overview, name="desk"),
    path("<slug:edition>/desk/rounds/", rounds.rounds, name="rounds"),
    path("<slug:edition>/desk/rounds/<slug:round>/", rounds.round, name="round"),
    path("<slug:edition>/desk/rounds/<slug:round>/open/", rounds.open_round, name="round_open"),
    path("<slug:edition>/desk/rounds/<slug:round>/late/", rounds.add_late_films, name="round_late"),
    path("<slug:edition>/desk/rounds/<slug:round>/close/", rounds.close_round, name="round_close"),
    path("<slug:edition>/desk/rounds/<slug:round>/next/", rounds.give_next, name="round_next"),
    path("<slug:edition>/desk/rounds/<slug:round>/line/", standing.line, name="round_line"),
    path("<slug:edition>/desk/rounds/<slug:round>/panel/", standing.panel, name="round_panel"),
    path("<slug:edition>/desk/rounds/<slug:round>/console/", calibration.desk, name="round_console"),
    path(
        "<slug:edition>/desk/rounds/<slug:round>/console/<int:pk>/drop/",
        calibration.drop,
        name="calibration_drop",
    ),
    path("<slug:edition>/desk/rounds/<slug:round>/watching/", jury_desk.watching, name="round_watching"),
    path("<slug:edition>/desk/rounds/<slug:round>/nudge/", jury_desk.nudge, name="round_nudge"),
    path(
        "<slug:edition>/desk/rounds/<slug:round>/replace/<int:judge>/",
        jury_desk.replace,
        name="round_replace",
    ),
    path("<slug:edition>/desk/rounds/<slug:round>/replay/", rounds.replay, name="round_replay"),
    path("<slug:edition>/desk/rounds/<slug:round>/standing.csv", rounds.standing_csv, name="round_csv"),
]
