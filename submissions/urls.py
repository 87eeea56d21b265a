"""Addresses of entries. Fixed beginnings stand before those that begin with an edition's address."""

from django.urls import path

from submissions import desk_urls, media_urls
from submissions.intake import urls as intake_urls
from submissions.views import entrant, files, questions, rights, subtitles

app_name = "submissions"
urlpatterns = [
    *intake_urls.urlpatterns,
    *media_urls.urlpatterns,
    path("entries/", entrant.entries, name="entries"),
    path("entries/<slug:code>/", entrant.entry, name="entry"),
    path("entries/<slug:code>/edit/", entrant.edit, name="edit"),
    path("entries/<slug:code>/submit/", entrant.submit, name="submit"),
    path("entries/<slug:code>/withdraw/", entrant.withdraw, name="withdraw"),
    path("entries/<slug:code>/questions/", questions.questions, name="questions"),
    path("entries/<slug:code>/subtitles/", subtitles.add, name="subtitles_add"),
    path("entries/<slug:code>/subtitles/<int:pk>/remove/", subtitles.remove, name="subtitles_remove"),
    path("entries/<slug:code>/rights/", rights.rights, name="rights"),
    path("entries/<slug:code>/files/", files.files, name="files"),
    path("entries/<slug:code>/files/<slug:kind>/add/", files.add, name="file_add"),
    path("entries/<slug:code>/files/<slug:kind>/order/", files.order, name="files_order"),
    path("entries/<slug:code>/files/<int:pk>/", files.one, name="file"),
    path("entries/<slug:code>/files/<int:pk>/remove/", files.remove, name="file_remove"),
    path("entries/<slug:code>/files/<int:pk>/move/<slug:way>/", files.move, name="file_move"),
    path("<slug:edition>/enter/", entrant.enter, name="enter"),
    *desk_urls.urlpatterns,
]
