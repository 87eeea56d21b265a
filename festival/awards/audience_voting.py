"""What voters write: codes taken, letters asked for, votes cast and changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.awards import audience_keys as keys
from festival.awards import audience_limits as limits
from festival.awards import audience_queries as queries
from festival.awards.models import AudienceBallot, AudienceChoice, AudienceCode, AudiencePoll
from festival.catalogue.models import Film
from festival.kit.errors import Refused
from festival.kit.queue import enqueue
from festival.kit.words import moment_text
from festival.people.actor import Actor
from festival.people.addresses import has_confirmed


@dataclass(frozen=True, slots=True)
class Voter:
    """Who votes: by a code where there is one, else by account. `network` is the keyed hash of where from."""

    actor: Actor
    network: str
    code: AudienceCode | None = None

    @property
    def lot(self) -> str:
        """What the order of the films is drawn by."""
        if self.code:
            return f"code {self.code.pk}"
        return f"account {self.actor.id}" if self.actor.known else self.network


def ballot_of(poll: AudiencePoll, voter: Voter) -> AudienceBallot | None:
    """The voter's ballot. One query."""
    rows = AudienceBallot.objects.filter(poll=poll)
    if voter.code:
        return rows.filter(code=voter.code).first()
    return rows.filter(user=voter.actor.user).first() if voter.actor.known else None


def find_code(*, poll: AudiencePoll, text: str, network: str, at: datetime) -> AudienceCode:
    """The code that somebody typed or scanned. One that does not exist is counted against the network.

    Not to be called in a transaction that the refusal rolls back.
    """
    _assert_open(poll, at)
    limits.assert_not_spent(poll=poll, kind="miss", who=network, most=limits.MISSES, at=at)
    code = AudienceCode.objects.filter(poll=poll, digest=keys.digest_of(poll, text)).first()
    if code is None:
        limits.assert_rate(poll=poll, kind="miss", who=network, most=limits.MISSES, at=at)
        raise Refused(
            _(
                "There is no such code for this vote. Compare it letter by letter. If you asked for "
                "several, only the newest is good."
            ),
            status=400,
            code="no_such_code",
        )
    return code


def ask_for_code(*, poll: AudiencePoll, email: str, language: str, network: str, at: datetime) -> None:
    """Have a code mailed to an address. Says nothing about whether it has voted before: that stands in no answer.

    The address is kept until the letter is out, its keyed hash until the poll is settled. Each letter has a new code.
    """
    _assert_open(poll, at)
    if not poll.by_mail:
        raise Refused(_("In this vote no codes are sent by mail."), status=403)
    holder = keys.holder_of(poll, email)
    limits.assert_rate(poll=poll, kind="network", who=network, most=poll.network_limit, at=at)
    limits.assert_rate(poll=poll, kind="letter", who=holder, most=limits.LETTERS, at=at)
    with transaction.atomic():
        rows = AudienceCode.objects.select_for_update()
        code, made = rows.get_or_create(
            poll=poll,
            holder=holder,
            defaults={
                "digest": keys.digest_of(poll, keys.code_of(poll, f"{holder}:1")),
                "domain": keys.domain_of(poll, email),
            },
        )
        if not made:
            code.number += 1
            code.digest = keys.digest_of(poll, keys.code_of(poll, f"{holder}:{code.number}"))
        code.email, code.language, code.wanted_at = email, language, at
        code.save()
        from festival.awards.tasks import send_audience_code

        enqueue(send_audience_code, code.pk, code.number)


def cast(*, poll: AudiencePoll, voter: Voter, films: Sequence[str], at: datetime) -> AudienceBallot:
    """Vote, or change one's vote, until the poll closes. `films`: codes.

    Whoever comes twice at the same moment has one ballot with one of both choices: the database takes no second.
    Not to be called in a transaction that a refusal rolls back.
    """
    _assert_open(poll, at)
    chosen = _chosen(poll, voter, films)
    _assert_may_vote(poll, voter)
    limits.assert_rate(poll=poll, kind="voter", who=_limited(poll, voter), most=limits.VOTES, at=at)
    if ballot_of(poll, voter) is None and not (voter.code and voter.code.batch_id):
        limits.assert_rate(poll=poll, kind="network", who=voter.network, most=poll.network_limit, at=at)
    for _turn in range(2):
        try:
            with transaction.atomic():
                return _write(poll, voter, chosen, at)
        except IntegrityError:
            continue  # somebody was faster: if it was the voter herself, the second turn changes that ballot
    raise Refused(
        _(
            "A vote from this mail address, or from your account, is there already: everybody has one. "
            "Change it the way you cast it."
        ),
        code="voted",
    )


def _assert_open(poll: AudiencePoll, at: datetime) -> None:
    zone = poll.slot.edition.time_zone
    if at < poll.opens_at:
        text = _("Voting begins on %(moment)s. Come back then.") % {
            "moment": moment_text(poll.opens_at, zone)
        }
        raise Refused(text, code="early")
    if at >= poll.closes_at:
        raise Refused(_("Voting is over. The result is announced with the awards."), code="over")


def _assert_may_vote(poll: AudiencePoll, voter: Voter) -> None:
    if voter.code:
        return
    if not poll.by_account:
        raise Refused(_("In this vote one votes with a code."), status=403, code="code")
    if voter.actor.user is None:
        raise Refused(_("Log in, or type your code."), status=403, code="log_in")
    if not has_confirmed(voter.actor.user, voter.actor.user.email):
        raise Refused(
            _("Confirm your mail address first: the link is in our letter."), status=403, code="address"
        )


def _chosen(poll: AudiencePoll, voter: Voter, films: Sequence[str]) -> list[Film]:
    wanted = set(films)
    if not wanted:
        raise Refused(_("Choose a film first."), status=400, code="none")
    if len(wanted) > poll.choices:
        text = ngettext("Choose one film only.", "Choose at most %(count)d films.", poll.choices)
        raise Refused(text % {"count": poll.choices}, status=400, code="many")
    offered = list(queries.films_of(poll))
    found = [film for film in offered if film.code in wanted]
    if len(found) != len(wanted):
        raise Refused(_("This film is not in this vote. Reload the page."), status=400, code="film")
    if queries.own_films(poll, voter.actor, found):
        raise Refused(
            _("You took part in making this film. Vote for another one."), status=403, code="own_film"
        )
    return found


def _limited(poll: AudiencePoll, voter: Voter) -> str:
    return keys.digest_of(poll, voter.lot)


def _write(poll: AudiencePoll, voter: Voter, films: Sequence[Film], at: datetime) -> AudienceBallot:
    user = voter.actor.user
    rows = AudienceBallot.objects.select_for_update().filter(poll=poll)
    ballot = rows.filter(code=voter.code).first() if voter.code else rows.filter(user=user).first()
    if ballot:
        ballot.chosen.all().delete()
        ballot.voted_at, ballot.network = at, voter.network
        ballot.changes += 1
    else:
        ballot = AudienceBallot(poll=poll, user=user, cast_at=at, voted_at=at, network=voter.network)
        if code := voter.code:
            ballot.code, ballot.holder, ballot.domain = code, code.holder, code.domain
            if code.batch:
                ballot.batch, ballot.serial = code.batch.number, code.serial
        if user and not voter.code:
            ballot.holder, ballot.domain = keys.holder_of(poll, user.email), keys.domain_of(poll, user.email)
            ballot.account_age = max(0, int((at - user.date_joined).total_seconds()))
    ballot.save()
    AudienceChoice.objects.bulk_create(AudienceChoice(ballot=ballot, film=film) for film in films)
    return ballot
