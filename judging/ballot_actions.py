"""Writes of ballots: cast, changed until the round closes, or the vote of a meeting."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from festival.edition import permissions as edition_permissions
from festival.kit.errors import Refused
from festival.people.actor import Actor
from judging import queries
from judging.ballot_queries import offered_to
from judging.models import Ballot, BallotLine, Round, Vote

CHANGED = "changed"  # the code of a refusal: the page was made from an older ballot


@transaction.atomic
def cast_ballot(
    *, round: Round, by: Actor, at: datetime, revision: int, values: Mapping[int, int | None]
) -> Ballot:
    """Vote, or vote anew. `values` by entry id: a place, 1 or 0, or points, as the round's ballot asks for.

    `revision` is the one the page was made from (0: none cast yet); refused when it was changed meanwhile elsewhere.
    Films the juror may not vote on are refused; those that are left out get nothing.
    """
    if not edition_permissions.can_judge(by, round.edition) or by.id not in queries.jury_of(round):
        raise Refused(_("Only members of this jury vote."), status=403)
    # Held: closing comes before or after, and the juror is told which.
    fresh = Round.objects.select_for_update().get(pk=round.pk)
    if fresh.state != Round.State.OPEN:
        raise Refused(_("The round has been closed; this vote came too late."), code="closed")
    if fresh.gate != Round.Gate.BALLOT:
        raise Refused(_("In this round the jury does not vote. Reload the page."), status=400)
    offered = {film.entry_id for film in offered_to(round, by.id)}
    check_values(values, kind=fresh.ballot, most=fresh.ballot_points, offered=offered)
    return keep_ballot(
        {"round": round}, kind=fresh.ballot, by=by, at=at, revision=revision, values=values, offered=offered
    )


def keep_ballot(
    vote: Mapping[str, Any],
    *,
    kind: str,
    by: Actor,
    at: datetime,
    revision: int,
    values: Mapping[int, int | None],
    offered: Collection[int],
) -> Ballot:
    """Write a ballot that has been checked. `vote` is what it is of, as a column of Ballot; the caller holds it."""
    ballot = own_row(vote, by=by, at=at, revision=revision)
    ballot.lines.all().delete()
    none = None if kind == Round.Ballot.RANKED else 0
    BallotLine.objects.bulk_create(
        BallotLine(ballot=ballot, entry_id=pk, value=values.get(pk, none)) for pk in sorted(offered)
    )
    return ballot


def own_row(vote: Mapping[str, Any], *, by: Actor, at: datetime, revision: int) -> Ballot:
    """The voter's ballot, new or one revision on; refused when it was changed elsewhere since the page was made."""
    if revision == 0:
        try:
            with transaction.atomic():
                ballot = Ballot.objects.create(**vote, juror=by.user, revision=1, cast_at=at)
        except IntegrityError:
            raise _changed_elsewhere() from None
    else:
        changed = Ballot.objects.filter(**vote, juror=by.user, revision=revision).update(
            revision=F("revision") + 1, cast_at=at
        )
        if not changed:
            raise _changed_elsewhere()
        ballot = Ballot.objects.get(**vote, juror=by.user)
    return ballot


def _changed_elsewhere() -> Refused:
    return Refused(
        _(
            "You have voted meanwhile in another tab or on another device. That ballot counts, and this page shows it "
            "now; change it if you like."
        ),
        code=CHANGED,
    )


def check_values(values: Mapping[int, int | None], *, kind: str, most: int, offered: Collection[int]) -> None:
    """Refuse an empty ballot, films that are not offered, and numbers that the kind of ballot does not have. `most`:
    points for one film.
    """
    if not set(values) <= set(offered):
        raise Refused(_("Something on this ballot is no longer there. Reload the page."))
    given = [value for value in values.values() if value is not None]
    if not given or (kind != Round.Ballot.RANKED and not any(given)):
        raise Refused(_("This ballot is empty. Vote for one at least."), status=400, code="empty")
    highest: dict[str, int] = {Round.Ballot.RANKED: len(values), Round.Ballot.POINTS: most}
    least, high = 1 if kind == Round.Ballot.RANKED else 0, highest.get(kind, 1)
    if not all(least <= value <= high for value in given):
        raise Refused(
            _("Use whole numbers from %(least)d to %(most)d.") % {"least": least, "most": high},
            status=400,
            code="range",
        )
    if kind == Vote.Kind.MAJORITY and sum(given) > 1:
        raise Refused(_("On this ballot you choose a single one."), status=400, code="range")
