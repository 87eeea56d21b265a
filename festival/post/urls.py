"""Addresses of notices, of the choice of news, of the desk's letters, and of the demo's mailbox."""

from django.urls import path

from festival.post.views import letters, mailbox, mailings, news, notices, outbox

app_name = "post"
LETTERS, OUTBOX = "<slug:edition>/desk/letters/", "<slug:edition>/desk/outbox/"
urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:pk>/read/", notices.read, name="read"),
    path("notices/off/<str:token>/", news.off, name="news_off"),
    path("account/letters/", news.choices, name="choices"),
    path("mailbox/", mailbox.mail, name="mailbox"),
    path(LETTERS, letters.letters, name="letters"),
    path(f"{LETTERS}reminders/", letters.reminders, name="reminders"),
    path(f"{LETTERS}<slug:kind>/", letters.edit, name="letter_words"),
    path(f"{LETTERS}<slug:kind>/default/", letters.default, name="letter_default"),
    path(OUTBOX, outbox.outbox, name="outbox"),
    path(f"{OUTBOX}letters/<int:pk>/", outbox.letter, name="letter"),
    path(f"{OUTBOX}letters/<int:pk>/again/", outbox.again, name="letter_again"),
    path(f"{OUTBOX}letters/<int:pk>/<slug:what>/", outbox.strike, name="letter_strike"),
    path(f"{OUTBOX}new/", mailings.new, name="mailing_new"),
    path(f"{OUTBOX}<int:pk>/", mailings.mailing, name="mailing"),
    path(f"{OUTBOX}<int:pk>/edit/", mailings.edit, name="mailing_edit"),
    path(f"{OUTBOX}<int:pk>/test/", mailings.test, name="mailing_test"),
    path(f"{OUTBOX}<int:pk>/<slug:step>/", mailings.step, name="mailing_step"),
]
