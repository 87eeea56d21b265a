"""An edition's results leave the site as one file; whoever has it computes them again, and sees one changed figure."""

import copy
import json
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.core.management import CommandError, call_command

from festival.awards import audience_actions
from festival.awards.audience_actions import Rules
from festival.edition.models import Edition
from festival.people.roles import Role
from judging import award_actions, rounds_actions, vote_actions
from judging.logic.canonical import canonical, digest
from judging.results_export import document, export, with_report
from judging.results_replay import NotAnExport, verify
from tests import meetings
from tests.awards import audience
from tests.factories import make_member
from tests.judging.scored import scored_round
from tests.judging.test_motions import Court
from tests.shows import make_film, make_slot

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def edition() -> Edition:
    """Scored, closed, a list proposed and one place changed by the chair."""
    edition, round, chair, _contest = scored_round(
        films=16, judges=4, looks=3, places=3, at=AT, decides="adjusted", cut_kind="count", cut_value=4
    )
    rounds_actions.close_round(round=round, by=chair, at=AT)
    award_list = award_actions.propose(edition=edition, by=chair, at=AT)
    verdict = award_list.verdicts.select_related("slot").get(place=1)
    last = edition.entries.exclude(verdicts__award_list=award_list).order_by("code").last()
    award_actions.set_verdict(verdict=verdict, entry=last, reason="Braver", by=chair, at=AT)
    return edition


def different(data):
    return [check.what for check in verify(data) if not check.same]


def test_everything_comes_out_the_same(edition: Edition) -> None:
    raw = export(edition)
    checks = list(verify(json.loads(raw), raw))
    assert [check.what for check in checks if not check.same] == []
    said = " | ".join(check.what for check in checks)
    for words in (
        "weighted_mean",
        "model of judges",
        "places by what decides",
        "award list, version 2: places",
    ):
        assert words in said


def test_the_order_of_nothing_depends_on_the_moment(edition: Edition) -> None:
    assert export(edition) == export(edition)


def leaves(value, way=()):
    """Every place in the document that holds a value."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, (*way, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from leaves(one, (*way, number))
    else:
        yield way


def test_any_changed_value_is_seen(edition: Edition) -> None:
    data = json.loads(export(edition))
    draw = Random(5)
    for way in draw.sample(list(leaves(data)), 60):
        changed = copy.deepcopy(data)
        holder = changed
        for step in way[:-1]:
            holder = holder[step]
        old = holder[way[-1]]
        holder[way[-1]] = (
            not old if isinstance(old, bool) else old + 1 if isinstance(old, int | float) else f"{old or ''}x"
        )
        if way in (("format",), ("version",)):
            continue
        assert different(changed), way


def test_any_changed_byte_is_seen(edition: Edition) -> None:
    raw = export(edition)
    draw = Random(6)
    for _time in range(40):
        place = draw.randrange(len(raw))
        other = draw.choice([byte for byte in b'0123456789abcxyz", ' if byte != raw[place]])
        changed = raw[:place] + bytes([other]) + raw[place + 1 :]
        try:
            data = json.loads(changed)
        except ValueError:
            continue
        try:
            checks = list(verify(data, changed))
        except (NotAnExport, KeyError, TypeError):
            continue
        assert [check for check in checks if not check.same], (place, chr(other))


def test_who_changes_a_figure_and_its_digest_is_seen_all_the_same(edition: Edition) -> None:
    """A standing whose inputs were changed with their digest does not give the kept result."""
    data = json.loads(export(edition))
    kept = data["rounds"][0]["standings"][0]
    kept["inputs"]["looks"][0][2]["story"] = "1"
    kept["inputs_digest"] = digest(kept["inputs"])
    assert different(data)[0] == "round jury: standing 1: weighted_mean"


def test_a_film_let_through_that_the_rule_does_not_let_through_is_named(edition: Edition) -> None:
    data = json.loads(export(edition))
    [cut] = data["rounds"][0]["cuts"]
    gone = cut["rows"].pop(0)
    [check] = [check for check in verify(data) if check.what.endswith("which films go on")]
    assert (check.same, check.where) == (False, gone["film"])


def test_votes_are_counted_again() -> None:
    jury = meetings.Jury()
    make_slot(jury.edition, "prize", decided_by="ballot")
    vote = vote_actions.ask(
        meeting=jury.meeting, text="Which?", kind="ranked", films=[film.pk for film in jury.films], seats=1,
        quorum=1, points=10, closes_at=meetings.NOW + timedelta(days=1), by=jury.chair, at=meetings.NOW,
        counting="runoff",
    )  # fmt: skip
    values = {film.pk: place for place, film in enumerate(jury.films, 1)}
    vote_actions.cast(vote=vote, by=jury.judges[0], at=meetings.NOW, revision=0, values=values)
    vote_actions.close_vote(vote=vote, by=jury.chair, at=meetings.NOW)
    data = document(jury.edition)
    data["rounds"] = []  # scored by nobody
    data = with_report(data)
    assert different(data) == []
    data["votes"][0]["result"]["chosen"] = ["FILM002"]
    assert different(data)[0].startswith("vote")


def test_the_commands(edition: Edition, tmp_path, capsys) -> None:
    file = tmp_path / "results.json"
    call_command("export_results", edition.slug, str(file))
    call_command("verify_results", str(file))
    assert "Everything came out the same." in capsys.readouterr().out
    with pytest.raises(CommandError, match="there already"):
        call_command("export_results", edition.slug, str(file))
    data = json.loads(file.read_bytes())
    first = data["rounds"][0]["standings"][0]["rows"][0]
    first["place"] += 1
    file.write_bytes(canonical(data))
    with pytest.raises(CommandError, match="places by what decides"):
        call_command("verify_results", str(file))
    file.write_text(json.dumps(json.loads(file.read_bytes()), indent=1))
    with pytest.raises(CommandError, match="the file's form"):
        call_command("verify_results", str(file))
    for text, words in (("[]", "no export"), ("{}", "no export"), ("{", "not JSON")):
        file.write_text(text)
        with pytest.raises(CommandError, match=words):
            call_command("verify_results", str(file))
    with pytest.raises(CommandError, match="There is no edition"):
        call_command("export_results", "nowhere", str(tmp_path / "x"))


def test_another_document_is_refused() -> None:
    with pytest.raises(NotAnExport):
        list(verify({"format": "firstlight-results", "version": 99}))


def of_awards(data):
    """By name whether each check of the audience's votes and of the award list came out the same."""
    return {check.what: check.same for check in verify(data) if check.what.startswith(("audience", "award"))}


def test_what_the_audience_and_motions_decided_is_computed_again() -> None:
    court = Court()
    slot = make_slot(court.edition, "audience", decided_by="audience", combines=["grand", "second"])
    shown = [
        make_film(court.edition, code=f"A{number}", source=film.code, published_at=AT)
        for number, film in enumerate(court.films)
    ]
    organiser = make_member(court.edition, Role.ORGANISER)
    rules = Rules(opens_at=AT, closes_at=AT + timedelta(days=1))
    poll = audience_actions.set_poll(slot=slot, rules=rules, films=shown, by=organiser, at=AT)
    for film, number in (("A3", 5), ("A1", 2)):
        audience.many(poll, film, number, at=AT)
    audience_actions.count(poll=poll, by=organiser, at=AT + timedelta(days=2))
    court.say_to(court.move("vacant", slot=court.grand), "yes", "yes")
    assert ("audience", 1, "FILM004") in court.propose()
    data = json.loads(export(court.edition))
    checks = of_awards(data)
    assert all(checks.values()), checks
    for words in ("audience of audience: count 1", "audience:audience is in", "grand 1 by a motion"):
        assert any(words in what for what in checks), words

    def seen(change):
        other = copy.deepcopy(data)
        change(other)
        return [what for what, same in of_awards(other).items() if not same]

    assert seen(lambda other: other["audience"][0]["inputs"]["votes"].pop()) != []
    assert seen(lambda other: other["audience"][0]["results"][0]["rows"][0].update(votes=9)) != []
    assert "award list, version 1: grand 1 by a motion" in seen(
        lambda other: other["votes"][0]["result"].update(result="lost")
    )
