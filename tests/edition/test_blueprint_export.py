"""An edition written as a blueprint is the blueprint it was made of, and can be made again from its files."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from festival.edition.blueprint import FOLDER, load, named, parse
from festival.edition.blueprint_awards import AwardRulePlan
from festival.edition.blueprint_venues import HoursPlan
from festival.edition.blueprint_writer import write
from festival.edition.models import Phase
from judging.blueprint_export import plan_of
from judging.setup import make_edition
from tests.factories import make_user

KEYS = sorted(path.stem for path in (FOLDER / "blueprints").glob("*.toml"))
OPENS = date(2027, 3, 1)
pytestmark = pytest.mark.django_db


def same(plan):
    """A plan without what an edition does not keep: names of venues, and how hours were put into lines."""
    names = {venue.slug: f"venue-{n}" for n, venue in enumerate(plan.venues, 1)}
    on_the_way = {slug for way in plan.travel for slug in way.between}

    def hall(one):
        days = [
            HoursPlan(day, day, row.opens, row.closes)
            for row in one.hours
            for day in range(row.first_day, row.last_day + 1)
        ]
        return replace(one, hours=tuple(sorted(days, key=lambda row: row.first_day)))

    return replace(
        plan,
        venues=tuple(
            replace(
                venue,
                slug=names[venue.slug] if venue.slug in on_the_way else "",
                halls=tuple(map(hall, venue.halls)),
            )
            for venue in plan.venues
        ),
        travel=tuple(
            replace(way, between=tuple(sorted(names[slug] for slug in way.between))) for way in plan.travel
        ),
        awards=tuple(
            replace(award, prize=award.prize or {}, sponsor=award.sponsor or {}) for award in plan.awards
        ),
    )


def written(plan, folder):
    (folder / "rules.toml").write_text(plan.rulebook, encoding="utf-8")
    return parse(write(plan, "rules.toml"), key=plan.key, folder=folder)


@pytest.mark.parametrize("key", KEYS)
def test_a_plan_is_written_and_read_back_the_same(key, tmp_path):
    assert written(named(key), tmp_path) == named(key)


def test_days_and_values_that_are_nothing_are_still_written(tmp_path):
    plan = named("open-call")
    rule = AwardRulePlan(
        "all-open", {}, "quota", {"attribute": "rights_complete", "value": False, "least": 0, "most": 0}
    )
    plan = replace(
        plan,
        tracks=(replace(plan.tracks[0], ends_day=0), *plan.tracks[1:]),
        phases=(replace(plan.phases[0], ends_day=0), *plan.phases[1:]),
        award_rules=(rule,),
    )
    assert written(plan, tmp_path) == plan


@pytest.mark.parametrize("key", KEYS)
def test_an_edition_is_the_blueprint_it_was_made_of(key):
    edition = make_edition(plan=named(key), slug="one", opens=OPENS, owner=make_user("owner"))
    assert same(plan_of(edition)) == same(named(key))


def test_a_track_of_projects_stays_one(tmp_path):
    plan = named("short-film")
    plan = replace(plan, tracks=(replace(plan.tracks[0], enters="project"), *plan.tracks[1:]))
    assert [track.enters for track in written(plan, tmp_path).tracks][:2] == ["project", "film"]
    edition = make_edition(plan=plan, slug="one", opens=OPENS, owner=make_user("owner"))
    assert [track.enters for track in edition.tracks.all()][:2] == ["project", "film"]
    assert plan_of(edition).tracks == plan.tracks


def test_what_was_changed_since_is_in_the_file_and_an_edition_is_made_of_it(tmp_path):
    owner = make_user("owner")
    edition = make_edition(plan=named("open-call"), slug="one", opens=OPENS, owner=owner)
    call = edition.phases.get(kind=Phase.Kind.CALL)
    call.ends_at += timedelta(days=3)
    call.save()
    edition.rounds.filter(slug="nominees").update(cut_value=50)
    edition.name = {"en": 'A "quoted" \\ name\nof two lines', "zh": "名"}
    edition.save()
    call_command("export_blueprint", "one", str(tmp_path / "new"))
    plan = load(tmp_path / "new" / "one.toml")
    assert (plan.phases[0].ends_day, plan.rounds[2].cut.value, plan.name) == (64, 50, edition.name)
    again = make_edition(plan=plan, slug="two", opens=date(2028, 3, 1), owner=owner)
    assert replace(plan_of(again), key="") == replace(plan_of(edition), key="")
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_blueprint", "one", str(tmp_path / "new"))
