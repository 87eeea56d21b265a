"""Addresses of entries. Fixed beginnings stand before those that begin with an edition's address."""

from django.urls import path

from submissions import desk_urls, media_urls
from submissions.intake import urls as intake_urls
from submissions.views import entrant, questions, subtitles

app_name = "submissions"
urlpatterns = [
    *intake_urls.urlpatterns,
    *media_urls.urlpatterns,
    path("entries/", entrant.entries, name="entries"),
    path("entries/<slug:code>/", entrant.entry, name="entry"),
    path("entries/<slug:code>/edit/", entrant.edit, name="edit"),
    path("entries/<slug:code>/submit/", entrant.submit, name="submit"),
    path("entries/<slug:code>/code/", entrant.redeem, name="redeem"),
    path("entries/<slug:code>/withdraw/", entrant.withdraw, name="withdraw"),
    path("entries/<slug:code>/questions/", questions.questions, name="questions"),
    path("entries/<slug:code>/subtitles/", subtitles.add, name="subtitles_add"),
    path("entries/<slug:code>/subtitles/<int:pk>/remove/", subtitles.remove, name="subtitles_remove"),
    path("<slug:edition>/enter/", entrant.enter, name="enter"),
    *desk_urls.urlpatterns,
]
