"""Later phases follow one that is moved, or the deadline, where they are ticked: by as many days, on one record."""

import html
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from festival.edition.date_actions import Days, days_of
from festival.edition.frozen_actions import ReasonMissing
from festival.edition.models import DeadlineExtension, EditionChange, Phase
from festival.edition.phase_follow import phases_along
from festival.edition.queries import extensions_of
from festival.edition.templatetags.places import days_text
from festival.kit import clock
from festival.kit.errors import Refused
from festival.post.models import Notice
from submissions.cohorts.follow_actions import extend_call, move_phases, offer, offer_with_deadline
from submissions.enter_view import announcement
from tests.factories import make_draft
from tests.submissions.cohorts.test_following import BEFORE, DURING, THERE, WHY, ZONE, Contest, night, on

STANDS = {
    "call": (on(3, 1), on(3, 20)),
    "jury": (on(3, 24), on(4, 10)),
    "premiere": (on(5, 1), on(5, 2)),
}


def standing(contest: Contest) -> dict[str, Days]:
    return {phase.kind: days_of(phase, ZONE) for phase in contest.edition.phases.all()}


def phase(kind: str, first: date, last: date, pk: int) -> Phase:
    return Phase(pk=pk, kind=kind, starts_at=night(first - timedelta(days=1)), ends_at=night(last))


PHASES = [
    phase("call", on(3, 1), on(3, 20), 1),
    phase("inspection", on(3, 1), on(3, 25), 2),
    phase("jury", on(3, 26), on(4, 10), 3),
    phase("notice", on(4, 12), on(4, 18), 4),
]


@pytest.mark.parametrize(
    ("days", "at", "frozen", "found"),
    [
        # The end of the call alone: the inspection beside it ends later, what comes after moves as a whole.
        ({1: (on(3, 1), on(3, 25))}, BEFORE, False,
         {2: (on(3, 1), on(3, 30)), 3: (on(3, 31), on(4, 15)), 4: (on(4, 17), on(4, 23))}),
        # Its opening too: what begins with it begins later.
        ({1: (on(3, 3), on(3, 25))}, BEFORE, False,
         {2: (on(3, 3), on(3, 30)), 3: (on(3, 31), on(4, 15)), 4: (on(4, 17), on(4, 23))}),
        # Of two that move, the later one is followed; what is moved by hand follows nothing.
        ({1: (on(3, 1), on(3, 25)), 3: (on(3, 26), on(4, 12))}, BEFORE, False,
         {2: (on(3, 1), on(3, 30)), 4: (on(4, 14), on(4, 20))}),
        # What comes before stays, and so does what has begun or is over.
        ({3: (on(3, 26), on(4, 12))}, BEFORE, False, {4: (on(4, 14), on(4, 20))}),
        ({1: (on(3, 3), on(3, 22))}, DURING, False,
         {2: (on(3, 1), on(3, 27)), 3: (on(3, 28), on(4, 12)), 4: (on(4, 14), on(4, 20))}),
        ({1: (on(3, 1), on(3, 22))}, night(on(4, 10)), True, {4: (on(4, 14), on(4, 20))}),
        ({1: STANDS["call"]}, BEFORE, False, {}),
    ],
)  # fmt: skip
def test_which_phases_come_after(
    days: dict[int, Days], at: datetime, frozen: bool, found: dict[int, Days]
) -> None:
    along = phases_along(PHASES, days, zone=ZONE, at=at, frozen=frozen)
    assert {one.phase.pk: one.after for one in along} == found
    assert not any(one.stays for one in along)


def test_a_notice_that_was_announced_does_not_end_earlier() -> None:
    earlier = {3: (on(3, 26), on(4, 8))}
    for frozen, stays in ((True, "promised"), (False, "")):
        [notice] = phases_along(PHASES, earlier, zone=ZONE, at=DURING, frozen=frozen)
        assert (notice.phase.pk, notice.stays) == (4, stays)


@pytest.mark.django_db
def test_later_phases_follow_where_they_are_ticked_and_take_along_what_belongs_to_them() -> None:
    contest = Contest()
    days = contest.days("jury", 5, 5)
    offered = offer(edition=contest.edition, days=days, at=BEFORE)
    [premiere] = offered.phases
    assert [(one.kind, one.row) for one in offered.dates] == [
        ("milestone", contest.rough), ("milestone", contest.lock), ("ends", contest.cohort),
    ]  # fmt: skip
    rough, lock, end = (one.key for one in offered.dates)
    with pytest.raises(Refused) as refused:
        contest.move("jury", 5, [lock])
    assert refused.value.code == "phase_stays" and "“lock” belongs to a phase" in refused.value.text
    assert (standing(contest), contest.now()) == (STANDS, THERE)
    contest.move("jury", 5, [premiere.key, rough, lock, end])
    assert standing(contest) == {
        **STANDS,
        "jury": (on(3, 29), on(4, 15)),
        "premiere": (on(5, 6), on(5, 7)),
    }
    assert contest.now() == {**THERE, "rough": on(3, 31), "lock": on(5, 3), "team": on(5, 7)}
    with pytest.raises(Refused) as refused:
        contest.move("jury", 5, [premiere.key])
    assert refused.value.code == "changed"


@pytest.mark.django_db
def test_what_cannot_be_alone_can_be_with_those_that_follow() -> None:
    contest = Contest()
    days = contest.days("call", 0, 25)  # the jury would be over before it
    with pytest.raises(Refused) as refused:
        move_phases(edition=contest.edition, days=days, by=contest.by, at=BEFORE)
    assert refused.value.code == "order"
    jury, premiere = offer(edition=contest.edition, days=days, at=BEFORE).phases
    move_phases(edition=contest.edition, days=days, by=contest.by, at=BEFORE, follow=[jury.key, premiere.key])
    assert standing(contest)["jury"] == (on(4, 18), on(5, 5))


@pytest.mark.django_db
def test_the_deadline_takes_later_phases_along_for_one_reason() -> None:
    contest = Contest()
    until = night(on(3, 27))
    offered = offer_with_deadline(edition=contest.edition, until=until, at=DURING)
    jury, premiere = offered.phases
    assert (jury.after, premiere.after) == ((on(3, 31), on(4, 17)), (on(5, 8), on(5, 9)))
    keys = [jury.key, next(one.key for one in offered.dates if one.row == contest.rough)]

    def extend(reason: dict[str, str]) -> None:
        extend_call(
            edition=contest.edition, until=until, by=contest.by, at=DURING, follow=keys, reason=reason
        )

    with pytest.raises(ReasonMissing) as missing:
        extend({})
    asked = ["dates.ends_at", "dates.starts_at", "deadline", "milestone.due_at"]
    assert sorted(row.what for row in missing.value.changes) == asked
    assert (standing(contest), contest.now()) == (STANDS, THERE)
    extend(WHY)
    assert standing(contest) == {**STANDS, "call": (on(3, 1), on(3, 27)), "jury": (on(3, 31), on(4, 17))}
    assert contest.now() == {**THERE, "rough": on(4, 2)}
    assert DeadlineExtension.objects.get().until == until
    assert {row.reason["en"] for row in EditionChange.objects.all()} == {WHY["en"]}
    assert not offer_with_deadline(edition=contest.edition, until=until, at=DURING)


def track_offered(contest: Contest, until: datetime) -> list[str]:
    found = offer_with_deadline(edition=contest.edition, until=until, at=DURING)
    return [one.key for one in found.dates if one.kind == "track"]


@pytest.mark.django_db
def test_a_track_that_follows_the_deadline_is_announced_and_its_drafts_are_told() -> None:
    contest = Contest()
    until, after = night(on(3, 27)), night(on(3, 17))
    entry = make_draft(contest.edition)
    keys = track_offered(contest, until)

    def extend(reason: dict[str, str]) -> None:
        extend_call(
            edition=contest.edition, until=until, by=contest.by, at=DURING, follow=keys, reason=reason
        )

    with pytest.raises(ReasonMissing) as missing:
        extend({})
    asked = [(row.what, row.tracks) for row in missing.value.changes]
    assert asked == [("deadline", []), ("deadline", [contest.track.slug])]
    assert contest.now() == THERE and not DeadlineExtension.objects.exists()
    extend(WHY)
    assert contest.now() == {**THERE, "track": on(3, 17)}
    rows = DeadlineExtension.objects.order_by("pk")
    assert [(row.track, row.before, row.until, row.reason) for row in rows] == [
        (None, night(on(3, 20)), until, WHY),
        (contest.track, night(on(3, 10)), after, WHY),
    ]
    assert not EditionChange.objects.exists()  # the extension is its record
    letter = Notice.objects.get(kind="deadline_extended")
    assert letter.user == entry.entrant
    assert datetime.fromisoformat(letter.values["until"]) == clock.last_minute(after)
    assert announcement(extensions_of(contest.edition)[contest.track.pk], contest.edition, DURING)


@pytest.mark.django_db
def test_a_closed_track_is_not_among_what_could_follow() -> None:
    contest = Contest()
    assert track_offered(contest, night(on(3, 27)))
    contest.edition.tracks.update(closed_at=BEFORE)
    assert not track_offered(contest, night(on(3, 27)))


def typed(client: Client, url: str, until: datetime) -> dict[str, Any]:
    """The last minute of the deadline as its field sends it, and the reason."""
    field = client.get(url).context["form"]["until"]
    value = field.field.widget.decompress(until) if hasattr(field.field.widget, "decompress") else until
    names = [f"until_{number}" for number in range(2)] if isinstance(value, list) else ["until"]
    local = clock.in_zone(clock.last_minute(until), ZONE)
    parts = [local.date().isoformat(), f"{local:%H:%M}"] if len(names) == 2 else [f"{local:%Y-%m-%dT%H:%M}"]
    return dict(zip(names, parts, strict=True)) | {"reason_en": "A storm."}


@pytest.mark.django_db
def test_the_page_of_the_deadline_asks_first(monkeypatch: pytest.MonkeyPatch) -> None:
    contest = Contest()
    monkeypatch.setattr(clock, "now", lambda: DURING)
    client = Client()
    client.force_login(contest.by.user)
    url = reverse("submissions:form_deadline", args=[contest.edition.slug])
    given = typed(client, url, night(on(3, 27)))
    said = html.unescape(client.post(url, given).content.decode())
    assert "The deadline would be" in said and "Later phases" in said and "checked" not in said
    for text in (
        days_text(*STANDS["jury"]),
        days_text(on(3, 31), on(4, 17)),
        "follows only together with it",
    ):
        assert text in said
    assert standing(contest) == STANDS and not DeadlineExtension.objects.exists()
    jury = offer_with_deadline(edition=contest.edition, until=night(on(3, 27)), at=DURING).phases[0]
    assert client.post(url, given | {"asked": "1", "follow": [jury.key]}).status_code == 302
    assert standing(contest) == {**STANDS, "call": (on(3, 1), on(3, 27)), "jury": jury.after}


@pytest.mark.django_db
def test_in_chinese_what_follows_need_not_become_later(monkeypatch: pytest.MonkeyPatch) -> None:
    contest = Contest()
    monkeypatch.setattr(clock, "now", lambda: DURING)
    client = Client()
    client.force_login(contest.by.user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    url = reverse("submissions:form_deadline", args=[contest.edition.slug])
    for page in (client.get(url), client.post(url, typed(client, url, night(on(3, 27))))):
        said = page.content.decode()
        assert "随之调整" in said and "顺延" not in said and "顺移" not in said


@pytest.mark.django_db
def test_the_page_of_days_lists_later_phases_first(monkeypatch: pytest.MonkeyPatch) -> None:
    contest = Contest()
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    client = Client()
    client.force_login(contest.by.user)
    url = reverse("judging:edition_dates", args=[contest.edition.slug])
    given = {}
    for row in contest.edition.phases.all():
        first, last = days_of(row, ZONE)
        last += timedelta(days=3 if row.kind == "call" else 0)
        given |= {f"first_{row.pk}": str(first), f"last_{row.pk}": str(last)}
    said = html.unescape(client.post(url, given).content.decode())
    assert said.count('name="follow" value="phase-') == 2 and "Later phases" in said
    keys = [
        one.key for one in offer(edition=contest.edition, days=contest.days("call", 0, 3), at=BEFORE).phases
    ]
    assert client.post(url, given | {"asked": "1", "follow": keys}).status_code == 302
    assert standing(contest) == {
        "call": (on(3, 1), on(3, 23)), "jury": (on(3, 27), on(4, 13)), "premiere": (on(5, 4), on(5, 5)),
    }  # fmt: skip
