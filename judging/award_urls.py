"""Addresses of the awards and of the rules; the same namespace as judging/urls.py."""

from django.urls import path

from judging.views import awards, rules

DESK = "<slug:edition>/desk/awards/"
urlpatterns = [
    path("<slug:edition>/rules/", rules.rules, name="rules"),
    path(DESK, awards.awards, name="awards"),
    path(f"{DESK}propose/", awards.propose, name="awards_propose"),
    path(f"{DESK}confirm/", awards.confirm, name="awards_confirm"),
    path(f"{DESK}reopen/", awards.reopen, name="awards_reopen"),
    path(f"{DESK}tell/", awards.tell, name="awards_tell"),
    path(f"{DESK}announce/", awards.announce, name="awards_announce"),
    path(f"{DESK}<slug:slot>/<int:place>/", awards.verdict, name="verdict"),
]
