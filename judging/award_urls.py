"""Addresses of the awards and of the rules; the same namespace as judging/urls.py."""

from django.urls import path

from judging.views import award_steps, awards, changes, fairness, rules

DESK = "<slug:edition>/desk/awards/"
REPORTS = "<slug:edition>/desk/fairness/"
urlpatterns = [
    path("<slug:edition>/rules/", rules.rules, name="rules"),
    path("<slug:edition>/changes/", changes.changes, name="changes"),
    path("<slug:edition>/fairness/", fairness.public, name="fairness_public"),
    path("<slug:edition>/fairness/report.pdf", fairness.public_pdf, name="fairness_public_pdf"),
    path("<slug:edition>/fairness/report.json", fairness.public_json, name="fairness_public_json"),
    path(REPORTS, fairness.reports, name="fairness"),
    path(f"{REPORTS}make/", fairness.make, name="fairness_make"),
    path(f"{REPORTS}<int:number>/", fairness.report, name="fairness_report"),
    path(f"{REPORTS}<int:number>/report.pdf", fairness.pdf, name="fairness_pdf"),
    path(f"{REPORTS}<int:number>/results/", fairness.file, name="fairness_file"),
    path(f"{REPORTS}<int:number>/publish/", fairness.publish, name="fairness_publish"),
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
