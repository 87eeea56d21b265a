"""Codes as entrants use them: found, weighed, redeemed. Making and revoking them is in `code_actions`."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from festival.edition.calendar import calendar_of
from festival.edition.models import Edition, Track
from festival.kit.errors import Refused
from festival.kit.words import say
from festival.people.actor import Actor
from festival.people.models import User
from submissions.deadline import window_of
from submissions.event_log import log_event
from submissions.lifecycle import State
from submissions.limits import full_tracks, limits_of
from submissions.models import Code, CodeMiss, Entry, Redemption
from submissions.window import why_not_later

# 30¹² codes are 59 bits. With this limit on top nobody finds one by trying.
MISSES, MISSES_WITHIN = 10, timedelta(hours=1)


def plain_code(text: str) -> str:
    """A code as it is stored, from whatever somebody typed or pasted: "abcd-efgh jkmn" → "ABCDEFGHJKMN"."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())[:20]


def find_code(*, edition: Edition, text: str, by: Actor, at: datetime, track: Track) -> Code:
    """The code that this account may redeem in this track now, or a refusal that says why not.

    Not to be called in a transaction that the refusal rolls back: a code that does not exist is counted against the
    account, and after ten of them within an hour no more are tried.
    """
    if by.user is None:
        raise Refused(_("Log in first."), status=403, code="not_allowed")
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).only("pk").get(pk=by.user.pk)
        misses = CodeMiss.objects.filter(user=by.user)
        misses.filter(at__lte=at - MISSES_WITHIN).delete()
        too_many = misses.count() >= MISSES
        code = None if too_many else Code.objects.filter(edition=edition, code=plain_code(text)).first()
        if code is None and not too_many:
            CodeMiss.objects.create(user=by.user, at=at)
    if too_many:
        raise Refused(
            _(
                "Too many codes that do not exist were tried. Try again in an hour, or write to the organiser."
            ),
            status=429,
            code="too_many_codes",
        )
    if code is None:
        text = _("There is no such code here. Compare it with what you were sent, letter by letter.")
        raise Refused(text, status=400, code="no_such_code")
    why = _why_not(code, by.user, at, track)
    if why:
        raise Refused(why, code="code_not_valid")
    return code


def _why_not(code: Code, user: User, at: datetime, track: Track) -> str:
    if code.email and code.email.lower() != user.email.lower():
        return _("This code was given to another e-mail address. Log in with the account it is meant for.")
    if code.revoked_at is not None:
        return _("This code was withdrawn. Write to the organiser.")
    if any(end is not None and at >= end for end in (code.expires_at, code.until)):
        return _("The time of this code is over. Write to the organiser.")
    if code.used >= code.uses:
        return _("This code has been used up. Write to the organiser if it was not by you.")
    if code.track_id is not None and code.track_id != track.pk:
        text = _("This code is for the track “%(track)s”. Choose that track.")
        return text % {"track": say(code.track.name)}
    return ""


def redeem(*, code: Code, entry: Entry, by: Actor, at: datetime) -> None:
    """Use a code up by one for this entry; doing it twice is doing it once. Called in a transaction.

    Never more uses than allowed, however many come at once: one compare-and-set.
    """
    if Redemption.objects.filter(code=code, entry=entry).exists():
        return
    if code.until is not None:
        _give_late(code.until, entry, at)
    free = Code.objects.filter(pk=code.pk, revoked_at__isnull=True, used__lt=F("uses"))
    free = free.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at))
    if not free.update(used=F("used") + 1):
        raise Refused(
            _("Somebody was faster: this code has been used up or withdrawn."), code="code_not_valid"
        )
    Redemption.objects.create(code=code, entry=entry, user=by.user, at=at)
    until = {"until": code.until.isoformat()} if code.until else {}
    log_event(entry=entry, kind=f"code_{code.kind}", by=by, at=at, label=code.label, code=code.shown, **until)


def _give_late(until: datetime, entry: Entry, at: datetime) -> None:
    window = window_of(entry, calendar_of(entry.edition_id, at))
    if entry.state != State.DRAFT or window is None:
        raise Refused(_("A late code is for a draft that was not submitted yet."), code="not_a_draft")
    if why_not_later(old=window.end, until=until, at=at, grace=window.grace):
        text = _("This code gives no more time than the entry has anyway. Keep it.")
        raise Refused(text, code="code_not_needed")
    Entry.objects.filter(pk=entry.pk).update(late_until=until, updated_at=at)
    entry.late_until, entry.updated_at = until, at


def codes_of(entry: Entry) -> list[Code]:
    """The codes that were redeemed for an entry. One query."""
    return list(Code.objects.filter(redemptions__entry=entry).select_related("track"))


def opens(codes: Iterable[Code], track: Track) -> bool:
    """Whether one of the codes lets somebody into a track by invitation; a late code is an invitation too."""
    return any(code.track_id in (None, track.pk) for code in codes)


def assert_late_here(codes: Iterable[Code], track: Track) -> None:
    """Refuses to take the time that a late code gave for one track into another one."""
    late = [code for code in codes if code.kind == Code.Kind.LATE]
    if late and not opens(late, track):
        text = _("Your late code is for the track “%(track)s”: this entry stays there.")
        raise Refused(text % {"track": say(late[0].track.name)}, code="code_not_valid")


def by_invitation(track: Track, edition: Edition) -> bool:
    return track.invitation_only or limits_of(edition).invitation_only


def assert_track_taken(track: Track, edition: Edition, *, codes: Iterable[Code]) -> None:
    """Refuses a draft in a track that is full, or by invitation where no code opens it.

    Whoever began a draft before either was so keeps it; whether the track is full is asked again at submission.
    """
    if by_invitation(track, edition) and not opens(codes, track):
        if limits_of(edition).invitation_only:
            text = _("Entering is by invitation. Type the code that the organiser sent you.")
        else:
            text = _("The track “%(track)s” is by invitation. Type the code that the organiser sent you.")
        raise Refused(text % {"track": say(track.name)}, status=403, code="code_missing")
    if full_tracks([track]):
        text = _("The track “%(track)s” has as many films as it takes. Choose another track.")
        raise Refused(text % {"track": say(track.name)}, code="track_full")


def has_late_codes(edition: Edition, at: datetime) -> bool:
    """Whether anybody holds a code with which a film can still be entered late. One query."""
    rows = Code.objects.filter(edition=edition, kind=Code.Kind.LATE, until__gt=at, revoked_at__isnull=True)
    return rows.filter(used__lt=F("uses")).exists()
