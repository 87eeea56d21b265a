"""Addresses of feedback to entrants; the same namespace as judging/urls.py."""

from django.urls import path

from judging.views import feedback

DESK = "<slug:edition>/desk/feedback/"
urlpatterns = [
    path("entries/<slug:code>/feedback/", feedback.letter, name="feedback_letter"),
    path("<slug:edition>/my-comments/", feedback.own, name="feedback_own"),
    path(DESK, feedback.desk, name="feedback"),
    path(f"{DESK}rules/", feedback.rules, name="feedback_rules"),
    path(f"{DESK}release/", feedback.release, name="feedback_release"),
    path(f"{DESK}send/", feedback.send, name="feedback_send"),
    path(f"{DESK}<int:pk>/", feedback.decide, name="feedback_decide"),
]
