"""Addresses of rehearsals; the same namespace as judging/urls.py."""

from django.urls import path

from judging.views import rehearsals

DESK = "<slug:edition>/desk/rehearsals/"
urlpatterns = [
    path(DESK, rehearsals.rehearsals, name="rehearsals"),
    path(f"{DESK}make/", rehearsals.make, name="rehearsal_make"),
    path(f"{DESK}<int:number>/", rehearsals.rehearsal, name="rehearsal"),
    path(
        f"{DESK}<int:number>/report.md", rehearsals.report_file, {"ending": "md"}, name="rehearsal_markdown"
    ),
    path(
        f"{DESK}<int:number>/report.json", rehearsals.report_file, {"ending": "json"}, name="rehearsal_json"
    ),
    path(f"{DESK}<int:number>/stop/", rehearsals.stop, name="rehearsal_stop"),
    path(f"{DESK}<int:number>/delete/", rehearsals.delete, name="rehearsal_delete"),
]
