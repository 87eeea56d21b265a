"""Writes of calibration: the chair's films and reference scores, and what judges gave them to try their scale."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from festival.edition.models import Membership
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.people.roles import Role
from judging import permissions
from judging.logic.standing import plain
from judging.looks_actions import check_scores, criteria_of
from judging.models import CalibrationFilm, CalibrationScore, Round
from submissions.lifecycle import State
from submissions.models import Entry
from submissions.queries import judge_copies

MOST = 3
WORDS_MAX = 2000
NOT_COMPETING = (State.DRAFT, State.SUBMITTED, State.REFUSED)


def candidates(round: Round, by: Actor) -> QuerySet[Entry]:
    """Films that may serve: none that competes here, and none that its makers did not give for it.

    A film that somebody of this edition's desk entered and that is not in the competition; or one that was in the
    competition of another edition in which the chair may organise or chair.
    """
    team = Membership.objects.filter(edition=round.edition_id).exclude(role=Role.JUDGE).values("user_id")
    own = Q(edition=round.edition_id, state__in=NOT_COMPETING, entrant_id__in=team)
    elsewhere = {*by.editions(Role.CHAIR), *by.editions(Role.ORGANISER)} - {round.edition_id}
    earlier = Q(edition_id__in=elsewhere, state=State.ELIGIBLE)
    return Entry.objects.filter(own | earlier).exclude(rounds=round)


@transaction.atomic
def add_film(
    *, round: Round, by: Actor, code: str, reference: Mapping[str, Decimal], words: str
) -> CalibrationFilm:
    """Show a film to the judges before they begin, with the chair's scores to compare theirs with."""
    _may_change(round, by)
    entry = candidates(round, by).filter(code=code.strip().upper()).first()
    if entry is None or entry.pk not in judge_copies([entry.pk]):
        raise Refused(
            _(
                "No film with this code can serve. It needs a finished inspection and must not compete here: take a "
                "film of an earlier edition, or enter one of your own and leave it a draft."
            ),
            status=400,
            code="film",
        )
    check_scores(round, criteria_of(round), reference)
    if set(reference) != set(criteria_of(round)):
        raise Refused(_("Give a score for every criterion."), status=400, code="scores")
    if len(words) > WORDS_MAX:
        raise Refused(_("Shorten your words to %(max)d characters.") % {"max": WORDS_MAX}, status=400)
    Round.objects.select_for_update().get(pk=round.pk)
    films = CalibrationFilm.objects.filter(round=round)
    if films.count() >= MOST:
        raise Refused(
            _("%(max)d films are enough to try a scale. Take one away first.") % {"max": MOST}, status=400
        )
    last = films.aggregate(last=Max("position"))["last"]
    try:
        with transaction.atomic():
            return CalibrationFilm.objects.create(
                round=round,
                entry=entry,
                position=0 if last is None else last + 1,
                reference={slug: plain(value) for slug, value in reference.items()},
                words=words.strip(),
            )
    except IntegrityError:
        raise Refused(_("This film is among them already."), status=400, code="film") from None


@transaction.atomic
def drop_film(*, film: CalibrationFilm, by: Actor) -> None:
    """Take a film out, with what judges gave it. Nothing that counts is touched."""
    _may_change(film.round, by)
    film.delete()


def _may_change(round: Round, by: Actor) -> None:
    if not permissions.can_chair(by, round):
        raise Refused(_("Only the jury chair chooses calibration films."), status=403)
    if round.state == Round.State.CLOSED:
        raise Refused(_("The round is closed; nobody needs to try a scale any more."), code="closed")


@transaction.atomic
def try_scale(
    *, film: CalibrationFilm, by: Actor, at: datetime, values: Mapping[str, Decimal | None]
) -> CalibrationScore:
    """A judge's scores for a calibration film: once, because afterwards the chair's are known."""
    round = film.round
    given = {slug: value for slug, value in values.items() if value is not None}
    check_scores(round, criteria_of(round), given)
    if set(given) != set(criteria_of(round)):
        raise Refused(
            _("Give a score for every criterion; then the chair’s scores are shown."),
            status=400,
            code="incomplete",
        )
    score, _made = CalibrationScore.objects.get_or_create(
        film=film,
        judge_id=by.id,
        defaults={"values": {slug: plain(value) for slug, value in given.items()}, "at": at},
    )
    return score


@transaction.atomic
def set_watch_rules(*, round: Round, by: Actor, allow_speed: bool, seconds: int, per_cent: int) -> None:
    """How judges watch in this round. Frozen when it opens: everybody works under the same rule."""
    if not permissions.can_chair(by, round):
        raise Refused(_("Only the jury chair sets how films are watched."), status=403)
    changed = Round.objects.filter(pk=round.pk, state=Round.State.PLANNED).update(
        allow_speed=allow_speed, min_watch_seconds=seconds, min_watch_share=per_cent
    )
    if not changed:
        raise Refused(_("The round has opened; how films are watched can no longer be changed."))
