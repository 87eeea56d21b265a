"""Addresses of entries. Fixed beginnings stand before those that begin with an edition's address."""

from django.urls import path

from submissions import desk_urls, media_urls
from submissions.cohorts import mentoring_urls
from submissions.intake import urls as intake_urls
from submissions.views import (
    corrections,
    credit_pages,
    entrant,
    files,
    invitations,
    questions,
    rights,
    showing,
    subtitles,
    transfers,
)

app_name = "submissions"
urlpatterns = [
    *intake_urls.urlpatterns,
    *media_urls.urlpatterns,
    path("entries/", entrant.entries, name="entries"),
    path("entries/invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("entries/invitation/<str:token>/answer/", invitations.invitation_answer, name="invitation_answer"),
    path("entries/offer/<str:token>/", invitations.offer, name="offer"),
    path("entries/offer/<str:token>/answer/", invitations.offer_answer, name="offer_answer"),
    path("entries/<slug:code>/", entrant.entry, name="entry"),
    path("entries/<slug:code>/edit/", entrant.edit, name="edit"),
    path("entries/<slug:code>/credits/", credit_pages.credits, name="credits"),
    path("entries/<slug:code>/credits/invite/", credit_pages.invite, name="credits_invite"),
    path("entries/<slug:code>/credits/revoke/", credit_pages.revoke, name="credits_revoke"),
    path("entries/<slug:code>/credits/age/", credit_pages.declare_age, name="credits_age"),
    path("entries/<slug:code>/credits/identity/", credit_pages.declare_identity, name="credits_identity"),
    path("entries/<slug:code>/credits/mine/", invitations.own_credit, name="credits_mine"),
    path("entries/<slug:code>/transfer/", transfers.transfer, name="transfer"),
    path("entries/<slug:code>/transfer/back/", transfers.take_back, name="transfer_back"),
    path("entries/<slug:code>/submit/", entrant.submit, name="submit"),
    path("entries/<slug:code>/code/", entrant.redeem, name="redeem"),
    path("entries/<slug:code>/withdraw/", entrant.withdraw, name="withdraw"),
    path("entries/<slug:code>/questions/", questions.questions, name="questions"),
    path("entries/<slug:code>/subtitles/", subtitles.add, name="subtitles_add"),
    path("entries/<slug:code>/subtitles/<int:pk>/remove/", subtitles.remove, name="subtitles_remove"),
    path("entries/<slug:code>/correction/", corrections.correction, name="correction"),
    path("entries/<slug:code>/correction/back/", corrections.take_back, name="correction_back"),
    path("entries/<slug:code>/correction/done/", corrections.done, name="correction_done"),
    path("entries/<slug:code>/correct/", corrections.correct, name="correct"),
    path("entries/<slug:code>/rights/", rights.rights, name="rights"),
    path("entries/<slug:code>/showing/", showing.showing, name="showing"),
    path("entries/<slug:code>/files/", files.files, name="files"),
    path("entries/<slug:code>/files/<slug:kind>/add/", files.add, name="file_add"),
    path("entries/<slug:code>/files/<slug:kind>/order/", files.order, name="files_order"),
    path("entries/<slug:code>/files/<int:pk>/", files.one, name="file"),
    path("entries/<slug:code>/files/<int:pk>/remove/", files.remove, name="file_remove"),
    path("entries/<slug:code>/files/<int:pk>/move/<slug:way>/", files.move, name="file_move"),
    path("<slug:edition>/enter/", entrant.enter, name="enter"),
    *mentoring_urls.urlpatterns,
    *desk_urls.urlpatterns,
]
