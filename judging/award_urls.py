"""Addresses of the awards and of the rules; the same namespace as judging/urls.py."""

from django.urls import path

from judging.views import award_steps, awards, fairness, rules

DESK = "<slug:edition>/desk/awards/"
urlpatterns = [
    path("<slug:edition>/rules/", rules.rules, name="rules"),
    path("<slug:edition>/desk/fairness/", fairness.report, name="fairness"),
    path("<slug:edition>/desk/fairness/report.pdf", fairness.pdf, name="fairness_pdf"),
    path(DESK, awards.awards, name="awards"),
    path(f"{DESK}award/<slug:slot>/", awards.slot, name="award_slot"),
    path(f"{DESK}propose/", awards.propose, name="awards_propose"),
    path(f"{DESK}mention/", awards.mention, name="award_mention"),
    path(f"{DESK}dates/", award_steps.dates, name="awards_dates"),
    path(f"{DESK}notice/", award_steps.notice, name="awards_notice"),
    path(f"{DESK}notice/end/", award_steps.end_notice, name="awards_notice_end"),
    path(f"{DESK}withdraw/<str:code>/", award_steps.withdraw, name="award_withdraw"),
    path(f"{DESK}confirm/", awards.confirm, name="awards_confirm"),
    path(f"{DESK}reopen/", awards.reopen, name="awards_reopen"),
    path(f"{DESK}tell/", award_steps.tell, name="awards_tell"),
    path(f"{DESK}announce/", award_steps.announce, name="awards_announce"),
    path(f"{DESK}<slug:slot>/<int:place>/", awards.verdict, name="verdict"),
    path(f"{DESK}<slug:slot>/<int:place>/release/", awards.release, name="verdict_release"),
]
