"""What organisers write of the audience's vote: the poll, its printed codes, votes set aside, the count, the end."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from festival.awards import audience_keys as keys
from festival.awards import audience_queries as queries
from festival.awards import permissions
from festival.awards.actions import hold_slot
from festival.awards.audience import marks, votes
from festival.awards.models import (
    AudienceAside,
    AudienceBallot,
    AudienceBatch,
    AudienceCode,
    AudiencePoll,
    AudienceResult,
    AudienceStep,
    AwardSlot,
)
from festival.catalogue.models import Film
from festival.kit.errors import Refused
from festival.kit.incoming import one_line, plain_text
from festival.people.actor import Actor

MOST_CODES, MOST_BATCHES = 2000, 200  # of a batch; of a poll
CHUNK = 1000
LAST_VOTES = timedelta(minutes=1)  # a vote that came in time is written by then


@dataclass(frozen=True, slots=True)
class Rules:
    """How a poll is held. Once it is open only its end can be moved."""

    opens_at: datetime
    closes_at: datetime
    choices: int = 1
    by_account: bool = True
    by_mail: bool = False
    by_printed_code: bool = False
    makers_may_vote: bool = False
    network_limit: int = 60


FIXED = ("opens_at", "choices", "by_account", "by_mail", "by_printed_code", "makers_may_vote")


@transaction.atomic
def set_poll(
    *, slot: AwardSlot, rules: Rules, films: Collection[Film], by: Actor, at: datetime
) -> AudiencePoll:
    """Prepare the vote for a slot, or change it. `films`: published ones of the slot's edition, at least two."""
    if not permissions.can_hold_audience_vote(by, slot.edition):
        raise Refused(_("Only organisers hold the audience’s vote."), status=403)
    slot = hold_slot(slot)
    poll = AudiencePoll.objects.select_for_update().filter(slot=slot).first()
    if rules.closes_at <= max(rules.opens_at, at):
        raise Refused(
            _("Voting must end after it has begun, and in the future."), status=400, code="closes_at"
        )
    if not (rules.by_account or rules.by_mail or rules.by_printed_code):
        raise Refused(_("Say who may vote."), status=400, code="by_account")
    if any(film.edition_id != slot.edition_id or film.published_at is None for film in films):
        raise Refused(_("Only published films of this edition can be voted for."), status=400, code="films")
    if not 1 <= rules.choices < len(films):
        text = _("There must be more films than one may choose.")
        raise Refused(text, status=400, code="films" if len(films) < 2 else "choices")
    kind = "changed" if poll else "made"
    if poll and poll.opens_at <= at:
        _assert_only_end_moves(poll, rules, films, at)
    elif rules.opens_at < at and poll is None:
        raise Refused(_("Voting cannot have begun in the past."), status=400, code="opens_at")
    poll = poll or AudiencePoll(slot=slot)
    for name in (*FIXED, "closes_at", "network_limit"):
        setattr(poll, name, getattr(rules, name))
    poll.save()
    poll.films.set(films)
    _log(
        poll,
        kind,
        by,
        at,
        opens=rules.opens_at.isoformat(),
        closes=rules.closes_at.isoformat(),
        films=len(films),
    )
    return poll


def _assert_only_end_moves(poll: AudiencePoll, rules: Rules, films: Collection[Film], at: datetime) -> None:
    if poll.closes_at <= at:
        raise Refused(_("This vote is over. It cannot be opened again."), code="over")
    same = set(poll.films.values_list("pk", flat=True)) == {film.pk for film in films}
    if not same or any(getattr(poll, name) != getattr(rules, name) for name in FIXED):
        raise Refused(
            _("People vote already: only the end, and the limit of a network, can be changed."), code="open"
        )


@transaction.atomic
def make_codes(*, poll: AudiencePoll, label: str, count: int, by: Actor, at: datetime) -> AudienceBatch:
    """A batch of printed codes. Only their hashes are kept; the sheet can be had again until the poll is settled."""
    fresh = _hold(poll, by)
    if not fresh.by_printed_code:
        raise Refused(
            _("In this vote there are no printed codes. Change its settings first."), code="printed"
        )
    if fresh.settled_at or fresh.closes_at <= at:
        raise Refused(_("This vote is over. It cannot be opened again."), code="over")
    label = one_line(label)[:120]
    if not label:
        raise Refused(_("Say what the codes are for: a screening, a hall."), status=400, code="label")
    number = (fresh.batches.aggregate(Max("number"))["number__max"] or 0) + 1
    if not 1 <= count <= MOST_CODES or number > MOST_BATCHES:
        text = _("From 1 to %(most)d codes can be made at once.")
        raise Refused(text % {"most": MOST_CODES}, status=400, code="count")
    batch = AudienceBatch.objects.create(poll=fresh, number=number, label=label, count=count, made_at=at)
    AudienceCode.objects.bulk_create(
        (
            AudienceCode(poll=fresh, batch=batch, serial=serial, digest=keys.digest_of(fresh, code))
            for serial, code in codes_of(fresh, batch)
        ),
        batch_size=CHUNK,
    )
    _log(fresh, "codes", by, at, batch=number, label=label, count=count)
    return batch


def codes_of(poll: AudiencePoll, batch: AudienceBatch) -> list[tuple[int, str]]:
    """The codes of a batch by their numbers, made anew: they stand in no table."""
    return [(serial, keys.code_of(poll, f"{batch.number}:{serial}")) for serial in range(1, batch.count + 1)]


@transaction.atomic
def take_codes(*, batch: AudienceBatch, by: Actor, at: datetime) -> list[tuple[int, str]]:
    """The codes of a batch for printing; that they were taken is put on record."""
    fresh = _hold(batch.poll, by)
    if fresh.settled_at:
        raise Refused(_("This vote is settled: its codes are gone."), code="settled")
    _log(fresh, "taken", by, at, batch=batch.number)
    return codes_of(fresh, batch)


@transaction.atomic
def count(*, poll: AudiencePoll, by: Actor, at: datetime) -> AudienceResult:
    """Count a closed poll. Every count is kept; the last one holds."""
    fresh = _hold_closed(poll, by, at)
    return _count(fresh, queries.as_values(fresh), by, at)


@transaction.atomic
def set_aside(
    *, poll: AudiencePoll, kind: str, key: str, reason: str, by: Actor, at: datetime
) -> AudienceResult:
    """Leave the votes of a mark uncounted, with a reason, and count anew."""
    fresh = _hold_closed(poll, by, at)
    reason = plain_text(reason).strip()[:1000]
    if not reason:
        raise Refused(_("Say why these votes are not counted."), status=400, code="reason")
    values = queries.as_values(fresh)
    mark = next((one for one in marks.marks_of(values.votes) if (one.kind, one.key) == (kind, key)), None)
    if mark is None:
        raise Refused(_("There is no such mark any more. Reload the page."), code="mark")
    if fresh.asides.filter(kind=kind, key=key, lifted_at__isnull=True).exists():
        raise Refused(_("Somebody was faster: these votes are set aside already."), code="already")
    aside = AudienceAside.objects.create(poll=fresh, kind=kind, key=key, reason=reason, at=at, by=by.user)
    _put_aside(aside, [values.ids[place] for place in mark.votes])
    _log(fresh, "aside", by, at, mark=kind, key=key, votes=len(mark.votes), reason=reason)
    return _count(fresh, values, by, at)


@transaction.atomic
def lift(*, aside: AudienceAside, by: Actor, at: datetime) -> AudienceResult:
    """Count the votes again that were set aside."""
    fresh = _hold_closed(aside.poll, by, at)
    if not AudienceAside.objects.filter(pk=aside.pk, lifted_at__isnull=True).update(lifted_at=at):
        raise Refused(_("Somebody was faster: these votes are counted again already."), code="already")
    _log(fresh, "lifted", by, at, mark=aside.kind, key=aside.key)
    return _count(fresh, queries.as_values(fresh), by, at)


@transaction.atomic
def settle(*, poll: AudiencePoll, by: Actor, at: datetime) -> None:
    """The end: what could tell who voted is deleted, and nothing can be set aside any more. The votes stay, as numbers:
    the count can be made again.
    """
    fresh = _hold_closed(poll, by, at)
    if queries.last_result(fresh) is None:
        raise Refused(_("Count the votes first."), code="count")
    _number_groups(fresh)
    AudienceBallot.objects.filter(poll=fresh).update(user=None, code=None, holder="")
    fresh.codes.all().delete()
    fresh.tries.all().delete()
    fresh.salt, fresh.settled_at = "", at
    fresh.save()
    _log(fresh, "settled", by, at)


def _number_groups(poll: AudiencePoll) -> None:
    """Hashes of networks and domains become numbers: the groups stay, what they were is gone."""
    rows = list(
        AudienceBallot.objects.filter(poll=poll).order_by("pk").values_list("pk", "network", "domain")
    )
    networks = votes.numbered(row[1] for row in rows)
    domains = votes.numbered(row[2] for row in rows)
    given = [
        (_text(network), _text(domain), row[0])
        for row, network, domain in zip(rows, networks, domains, strict=True)
    ]
    table = connection.ops.quote_name(AudienceBallot._meta.db_table)
    # A statement for each row, prepared once: twenty times as fast as bulk_update with 100,000 of them.
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET network = %s, domain = %s WHERE id = %s", given)  # noqa: S608


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _put_aside(aside: AudienceAside, ids: Sequence[int]) -> None:
    through = AudienceAside.ballots.through
    through.objects.bulk_create(
        (through(audienceaside_id=aside.pk, audienceballot_id=pk) for pk in ids), batch_size=CHUNK
    )


def _count(poll: AudiencePoll, values: queries.Poll, by: Actor, at: datetime) -> AudienceResult:
    aside = queries.aside_places(poll, values)
    rows = votes.count(values.films, values.votes, aside)
    last = queries.last_result(poll)
    result = AudienceResult.objects.create(
        poll=poll,
        number=last.number + 1 if last else 1,
        method_version=votes.METHOD_VERSION,
        inputs_digest=values.digest,
        result_digest=votes.digest(rows),
        rows=rows,
        aside=aside,
        ballots=len(values.votes),
        made_at=at,
        made_by=by.user,
    )
    _log(poll, "counted", by, at, number=result.number, votes=result.ballots, aside=len(aside))
    return result


def _hold(poll: AudiencePoll, by: Actor) -> AudiencePoll:
    rows = AudiencePoll.objects.select_for_update(of=("self",)).select_related("slot__edition")
    fresh = rows.get(pk=poll.pk)
    if not permissions.can_hold_audience_vote(by, fresh.slot.edition):
        raise Refused(_("Only organisers hold the audience’s vote."), status=403)
    return fresh


def _hold_closed(poll: AudiencePoll, by: Actor, at: datetime) -> AudiencePoll:
    fresh = _hold(poll, by)
    if at < fresh.closes_at + LAST_VOTES:
        text = _("Votes are counted from a minute after the end on: the last ones may still be under way.")
        raise Refused(text, code="open")
    if fresh.settled_at:
        raise Refused(_("This vote is settled. Nothing changes any more."), code="settled")
    return fresh


def _log(poll: AudiencePoll, kind: str, by: Actor, at: datetime, **values: Any) -> None:
    AudienceStep.objects.create(poll=poll, kind=kind, values=values, at=at, by=by.user)
