"""What the allocation knows, on the round's page: compared, even, or why a film could not be given."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from festival.people.roles import Role
from judging import allocation_words, rounds_actions
from judging.logic.allocation import result
from judging.models import Allocation, Conflict, JudgeProfile, Look
from tests.factories import make_edition, make_entry, make_member, make_round

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
NAMES = {1: "Ann", 2: "Bea", 3: "Cid"}
GATE = {
    "passes": True, "limit": 0.2, "worst": 0.15, "median": 0.1, "pair": ["1", "2"], "pairs": 3, "failing": 0,
    "groups": [], "link": 0, "more_looks": [], "bridges": None,
}  # fmt: skip


def said(films=500, **changed):
    return allocation_words.comparability_words(GATE | changed, NAMES, films)


def test_a_jury_that_can_be_compared():
    [(tone, text)] = said()
    assert (tone, "within 0.15" in text, "up to 0.2" in text) == ("pass", True, True)


def test_pairs_that_cannot_be_compared_and_what_would_help():
    found = said(failing=2, worst=0.31, more_looks=[{"judge": "1", "looks": 14}, {"judge": "3", "looks": 9}])
    assert [tone for tone, _text in found] == ["fix", ""]
    assert found[0][1].startswith("Of 2 of 3 pairs of judges")
    assert "least of Ann and Bea: to within 0.31" in found[0][1]
    assert found[1][1] == "More looks at films that others see too would help: Ann 14, Cid 9."


def test_more_looks_than_there_are_films_are_not_advised():
    found = said(films=12, failing=1, worst=0.5, more_looks=[{"judge": "1", "looks": 14}], bridges=0.5)
    assert [tone for tone, _text in found] == ["fix", "", "pass"]
    assert found[1][1].startswith("The round has too few films for that")


def test_groups_without_a_track_in_common_and_bridges():
    [groups, bridges] = said(failing=1, worst=None, groups=[["1"], ["2", "3"]], link=50, bridges=0.031)
    assert groups[0] == "fix" and groups[1].startswith("The jury falls into 2 groups")
    assert bridges[0] == "fix"
    assert bridges[1].startswith("3% of the looks are by judges who see several tracks; with 5% or more,")
    assert said(bridges=0.05)[1][0] == "pass"
    assert said(pairs=0, pair=None, worst=0.0) == []


def test_many_judges_are_not_all_named():
    looks = [{"judge": str(number), "looks": 1} for number in range(1, 13)]
    text = said(failing=1, worst=0.3, more_looks=looks)[1][1]
    assert text.endswith("and 4 more.")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_code_has_its_words(language):
    reasons = (
        result.NO_JUDGES, result.ALL_BARRED, result.TRACK, result.LANGUAGE, result.TOO_FEW, result.NO_HOURS,
        result.NO_PANEL,
    )  # fmt: skip
    with translation.override(language):
        assert len({str(allocation_words.UNSERVED[code]) for code in reasons}) == 7
        uneven = (result.SCARCE, result.FEW_FILMS, result.HAD_MORE, result.WHOLE_FILMS)
        assert len({str(allocation_words.UNEVEN[code]) for code in uneven}) == 4


@pytest.fixture
def opened(db):
    edition = make_edition()
    chair = make_member(edition, Role.CHAIR, "Chair")
    jury = [make_member(edition, Role.JUDGE, f"Judge {number}") for number in range(3)]
    films = [make_entry(edition, code=f"FILM{number}") for number in range(4)]
    for judge in jury[1:]:
        Conflict.objects.create(
            edition=edition, judge=judge.user, kind="film", entry=films[0], source="declared",
            state="confirmed", at=AT,
        )  # fmt: skip
    round = make_round(edition, looks_per_film=2)
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=3)
    return edition, round, chair, jury, films


def test_a_film_that_could_not_be_given_is_named_until_it_can(opened, client: Client):
    edition, round, chair, _jury, films = opened
    found = allocation_words.unserved_of(round)
    assert {code: (row.looks, row.why) for code, row in found.items()} == {
        "FILM0": (1, "Fewer judges may see it than looks are missing.")
    }
    client.force_login(chair.user)
    url = reverse("judging:round", args=[edition.slug, round.slug])
    page = client.get(url + "?show=unserved").content.decode()
    assert "Fewer judges may see it than looks are missing." in page and "1 look missing" in page
    assert "FILM0" in page and "FILM1" not in page
    assert "How the looks are shared out" in page
    Conflict.objects.filter(entry=films[0]).delete()
    rounds_actions.add_late_films(round=round, by=chair, at=AT)
    assert allocation_words.unserved_of(round) == {}
    assert "Everything could be given" in client.get(url + "?show=unserved").content.decode()


def test_minutes_against_shares_are_kept_and_shown(opened, client: Client):
    edition, round, chair, jury, _films = opened
    names = {judge.id: judge.user.name for judge in jury}
    page = allocation_words.page_of(round, names)
    assert [row.judge for row in page.loads] == ["Judge 0", "Judge 1", "Judge 2"]
    report = Allocation.objects.get().report
    assert {row["judge"] for row in report["loads"]} == {str(pk) for pk in names}
    assert [row.judge for row in page.uneven] == sorted(
        names[int(row["judge"])] for row in report["loads"] if row["reason"]
    )
    client.force_login(make_member(edition, Role.ORGANISER).user)
    url = reverse("judging:round", args=[edition.slug, round.slug])
    assert "Minutes of every judge" in client.get(url).content.decode()
    count = Look.objects.filter(state="pending").count()
    rounds_actions.close_round(round=round, by=chair, at=AT, confirmed_pending=count)
    text = client.get(url).content.decode()
    assert "How the looks are shared out" in text and "1 film missed looks" in text


def test_a_drawing_without_minutes_is_told_by_what_it_kept(opened):
    _edition, round, _chair, jury, _films = opened
    kept = Allocation.objects.get()
    kept.report = {
        "comparability": GATE,
        "passes": True,
        "uneven": [{"judge": str(jury[0].id), "off": "-0.1250", "reason": "few_films"}],
    }
    kept.save()
    [row] = allocation_words.page_of(round, {jury[0].id: "Judge 0"}).uneven
    assert (row.judge, row.seconds, row.off) == ("Judge 0", None, -13)
    Allocation.objects.update(report={})
    assert allocation_words.page_of(round, {}) is None


def test_judges_who_cannot_follow_a_language_leave_it_unserved(db):
    edition = make_edition()
    chair = make_member(edition, Role.CHAIR)
    judge = make_member(edition, Role.JUDGE)
    JudgeProfile.objects.create(edition=edition, user=judge.user, languages="en", updated_at=timezone.now())
    make_entry(edition, code="FILM0", language="ja")
    round = make_round(edition, looks_per_film=1)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    [row] = allocation_words.unserved_of(round).values()
    assert row.why == "Nobody who is left understands its language."
