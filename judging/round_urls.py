"""Addresses of rounds' plans and cuts, of ballots, judges and conflicts; the same namespace as judging/urls.py."""

from django.urls import path

from judging.views import answers, availability, cuts, judges, round_setup, ties

ROUND = "<slug:edition>/desk/rounds/<slug:round>/"
urlpatterns = [
    path("looks/<int:pk>/answer/", answers.answer, name="answer"),
    path("<slug:edition>/jury/<slug:round>/ballot/", answers.ballot, name="ballot"),
    path("<slug:edition>/availability/", availability.availability, name="availability"),
    path("<slug:edition>/availability/conflicts/", availability.declare, name="declare"),
    path("<slug:edition>/desk/new-round/", round_setup.add, name="round_new"),
    path(f"{ROUND}plan/", round_setup.plan, name="round_plan"),
    path(f"{ROUND}gate/", round_setup.gate, name="round_gate"),
    path(f"{ROUND}jury/", round_setup.jury, name="round_jury"),
    path(f"{ROUND}panels/", round_setup.panels, name="round_panels"),
    path(f"{ROUND}remove/", round_setup.remove, name="round_remove"),
    path(f"{ROUND}cut/", cuts.cut, name="round_cut"),
    path(f"{ROUND}cut/make/", cuts.make, name="cut_make"),
    path(f"{ROUND}cut/move/", cuts.move, name="cut_move"),
    path(f"{ROUND}cut/teams/", cuts.list_teams, name="cut_teams"),
    path(f"{ROUND}cut/wild-card/", cuts.wild_card, name="cut_wild_card"),
    path(f"{ROUND}cut/ties/", ties.apply, name="tie_apply"),
    path(f"{ROUND}further/", ties.further, name="round_further"),
    path(f"{ROUND}give/", ties.give, name="round_give"),
    path("<slug:edition>/desk/judges/", judges.judges, name="judges"),
    path("<slug:edition>/desk/judges/<int:pk>/", judges.judge, name="judge"),
    path("<slug:edition>/desk/conflicts/", judges.conflicts, name="conflicts"),
    path("<slug:edition>/desk/conflicts/search/", judges.search, name="conflicts_search"),
    path("<slug:edition>/desk/conflicts/<int:pk>/", judges.conflict, name="conflict"),
    path("<slug:edition>/desk/conflicts/<int:pk>/decide/", judges.decide, name="conflict_decide"),
]
