"""Addresses of the technicians' desk."""

from django.urls import path

from submissions.views import (
    desk,
    desk_bulk,
    desk_codes,
    desk_credits,
    desk_download,
    desk_form,
    desk_limits,
    form_desk,
    matches,
    rulebook,
    transfers,
    waivers,
)

ENTRIES = "<slug:edition>/desk/entries/"
FORM = "<slug:edition>/desk/form/"
urlpatterns = [
    path(ENTRIES, desk.entries, name="desk_entries"),
    path(f"{ENTRIES}download/", desk_download.download, name="desk_download"),  # no code is written small
    path("<slug:edition>/desk/inspections/", desk.inspections, name="desk_inspections"),
    path("<slug:edition>/desk/inspections/again/", desk_bulk.reinspect_many, name="desk_reinspect_many"),
    path(FORM, form_desk.form, name="form"),
    path(f"{FORM}promises/", form_desk.promises, name="form_promises"),
    path(f"{FORM}questions/new/", form_desk.question, name="form_question_new"),
    path(f"{FORM}questions/order/", form_desk.question_order, name="form_question_order"),
    path(f"{FORM}questions/<int:pk>/", form_desk.question, name="form_question"),
    path(f"{FORM}questions/<int:pk>/<slug:what>/", form_desk.question_do, name="form_question_do"),
    path("<slug:edition>/desk/form/credits/", desk_credits.credit_rules, name="desk_credits"),
    path("<slug:edition>/desk/rulebook/", rulebook.rulebook, name="rulebook"),
    path("<slug:edition>/desk/rulebook/apply/", rulebook.apply_rulebook, name="rulebook_apply"),
    path("<slug:edition>/desk/rulebook/drop/", rulebook.drop_rulebook, name="rulebook_drop"),
    path(f"{FORM}limits/", desk_limits.limits, name="form_limits"),
    path(f"{FORM}limits/<slug:track>/", desk_limits.track, name="form_track"),
    path(f"{FORM}codes/", desk_codes.codes, name="form_codes"),
    path(f"{FORM}codes/new/", desk_codes.make, name="form_codes_new"),
    path(f"{FORM}codes/download/", desk_codes.download, name="form_codes_download"),
    path(f"{FORM}codes/<int:pk>/revoke/", desk_codes.revoke, name="form_code_revoke"),
    path(f"{FORM}deadline/", desk_limits.deadline, name="form_deadline"),
    path(f"{FORM}deadline/entry/", desk_limits.more_time, name="form_more_time"),
    path(f"{ENTRIES}<slug:code>/time/", desk_limits.fix_time, name="desk_fix_time"),
    path(f"{FORM}files/", desk_form.files, name="form_files"),
    path(f"{FORM}declarations/", desk_form.declarations, name="form_declarations"),
    path(f"{FORM}declarations/order/", desk_form.order, name="declarations_order"),
    path(f"{FORM}declarations/new/", desk_form.new, name="declaration_new"),
    path(f"{FORM}declarations/<int:pk>/", desk_form.change, name="declaration"),
    path(f"{FORM}declarations/<int:pk>/<slug:way>/", desk_form.act, name="declaration_act"),
    path(f"{ENTRIES}<slug:code>/", desk.entry, name="desk_entry"),
    path(f"{ENTRIES}<slug:code>/move/<slug:move>/", desk.decide, name="desk_move"),
    path(f"{ENTRIES}<slug:code>/inspect/", desk.reinspect, name="desk_reinspect"),
    path(f"{ENTRIES}<slug:code>/waive/", waivers.waive, name="desk_waive"),
    path(f"{ENTRIES}<slug:code>/waive/<slug:rule>/drop/", waivers.unwaive, name="desk_unwaive"),
    path(f"{ENTRIES}<slug:code>/matches/<int:pk>/<slug:decision>/", matches.judge, name="desk_match"),
    path(f"{ENTRIES}<slug:code>/transfer/", transfers.reassign, name="desk_transfer"),
    path(f"{ENTRIES}<slug:code>/catalogue/", desk.catalogue, name="desk_catalogue"),
]
