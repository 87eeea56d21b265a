"""Addresses of making an edition and of its plan; the same namespace as judging/urls.py."""

from django.urls import path

from judging.views import (
    award_setup,
    cohort_setup,
    edition_parts,
    edition_plan,
    edition_terms,
    new_edition,
    track_merge,
)

PLAN = "<slug:edition>/desk/plan/"
SETUP = "<slug:edition>/desk/setup/"
PARTS = f"{PLAN}parts/"
AWARDS = "<slug:edition>/desk/awards/setup/"
TEAMS = f"{SETUP}teams/"
COHORT = f"{TEAMS}cohort/<slug:cohort>/"
urlpatterns = [
    path("new/", new_edition.choose, name="new_edition"),
    path("new/plan/", new_edition.plan, name="new_edition_plan"),
    path("new/make/", new_edition.make, name="new_edition_make"),
    path(PLAN, edition_plan.plan, name="edition_plan"),
    path(f"{PLAN}dates/", edition_plan.dates, name="edition_dates"),
    path(f"{PLAN}blueprint.zip", edition_plan.blueprint, name="edition_blueprint"),
    path(PARTS, edition_parts.parts, name="edition_parts"),
    path(f"{PARTS}tracks/add/", edition_parts.add_track, name="track_add"),
    path(f"{PARTS}tracks/track/<slug:track>/", edition_parts.name_track, name="track_name"),
    path(f"{PARTS}tracks/<slug:track>/remove/", edition_parts.remove_track, name="track_remove"),
    path(f"{PARTS}tracks/<slug:track>/merge/", track_merge.merge, name="track_merge"),
    path(f"{PARTS}phases/add/", edition_parts.add_phase, name="phase_add"),
    path(f"{PARTS}phases/<int:phase>/", edition_parts.name_phase, name="phase_name"),
    path(f"{PARTS}phases/<int:phase>/remove/", edition_parts.remove_phase, name="phase_remove"),
    path(SETUP, edition_plan.setup, name="edition_setup"),
    path(f"{SETUP}texts/", edition_plan.texts, name="edition_texts"),
    path(f"{SETUP}terms/", edition_terms.terms, name="edition_terms"),
    path("<slug:edition>/desk/awards/prizes/", edition_terms.prizes, name="prizes"),
    path(AWARDS, award_setup.setup, name="award_setup"),
    path(f"{AWARDS}add/", award_setup.add, name="award_add"),
    path(f"{AWARDS}award/<slug:slot>/", award_setup.change, name="award_change"),
    path(f"{AWARDS}award/<slug:slot>/remove/", award_setup.remove, name="award_remove"),
    path(f"{AWARDS}rules/add/<slug:kind>/", award_setup.add_rule, name="award_rule_add"),
    path(f"{AWARDS}rules/rule/<slug:rule>/", award_setup.change_rule, name="award_rule"),
    path(f"{AWARDS}rules/rule/<slug:rule>/remove/", award_setup.remove_rule, name="award_rule_remove"),
    path(TEAMS, cohort_setup.setup, name="cohort_setup"),
    path(f"{TEAMS}add/", cohort_setup.add, name="cohort_add"),
    path(COHORT, cohort_setup.change, name="cohort_change"),
    path(f"{COHORT}remove/", cohort_setup.remove, name="cohort_remove"),
    path(f"{COHORT}move/", cohort_setup.move, name="cohort_move"),
    path(f"{COHORT}add/", cohort_setup.add_milestone, name="milestone_add"),
    path(f"{COHORT}milestone/<slug:milestone>/", cohort_setup.change_milestone, name="milestone_change"),
    path(
        f"{COHORT}milestone/<slug:milestone>/remove/", cohort_setup.remove_milestone, name="milestone_remove"
    ),
    path(f"{COHORT}milestone/<slug:milestone>/move/", cohort_setup.move_milestone, name="milestone_move"),
    path(f"{SETUP}publish/", edition_plan.publish, name="edition_publish"),
]
