"""How many entries are taken, and of which films: what keeps a draft from being submitted although nothing is missing.

Drafts may be more than the limits: submitting is what is limited. Withdrawn and refused entries do not count.
"""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.form_rules import LimitRules, read_form
from festival.edition.models import Edition, Track
from festival.kit.errors import Refused
from festival.kit.words import say
from festival.people.models import User
from submissions.lifecycle import State
from submissions.models import Entry, FilmVersion, Match

COUNTING = (State.SUBMITTED, State.FIXING, State.ELIGIBLE)
SAME_FILM_SHARE = 0.5  # of the shorter film: a confirmed match of less is a shared passage, not the same film


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One thing that stands against submitting, which no filling in of the form mends."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Used:
    """What one account has submitted to an edition: `tracks` by the track's id."""

    tracks: dict[int, int]

    @property
    def person(self) -> int:
        return sum(self.tracks.values())


def limits_of(edition: Edition) -> LimitRules:
    return read_form(edition.form).limits


def used_by(user_id: int | None, edition_id: int, *, but: int | None = None) -> Used:
    """The account's entries that count, without the entry `but`. One query."""
    rows = Entry.objects.filter(edition=edition_id, entrant=user_id, state__in=COUNTING).exclude(pk=but)
    return Used(dict(rows.order_by().values_list("track").annotate(count=Count("pk"))))


def full_tracks(tracks: list[Track], *, but: int | None = None) -> set[int]:
    """Ids of tracks that have as many submitted entries as they take. One query, or none."""
    limited = {track.pk: track.most_entries for track in tracks if track.most_entries}
    if not limited:
        return set()
    rows = Entry.objects.filter(track__in=limited, state__in=COUNTING).exclude(pk=but)
    counts = dict(rows.order_by().values_list("track").annotate(count=Count("pk")))
    return {pk for pk, most in limited.items() if counts.get(pk, 0) >= most}


def hindrances(entry: Entry) -> list[Hindrance]:
    """What keeps a draft or a mended film from being submitted. `entry` comes with its edition and track.

    Up to five queries. Whether the answer still holds when the entry is submitted is seen to by `hold_limits`.
    """
    limits = limits_of(entry.edition)
    found = []
    if entry.state == State.DRAFT:
        if limits.per_person or limits.per_track:
            found += _too_many(entry, limits)
        if full_tracks([entry.track], but=entry.pk):
            text = _("The track “%(track)s” has as many films as it takes. Choose another track.")
            found.append(Hindrance("track_full", text % {"track": say(entry.track.name)}))
    other = same_film_of_entrant(entry, limits)
    if other is not None:
        found.append(_entered_already(entry, other))
    return found


def _too_many(entry: Entry, limits: LimitRules) -> list[Hindrance]:
    used = used_by(entry.entrant_id, entry.edition_id, but=entry.pk)
    if limits.per_person and used.person >= limits.per_person:
        text = ngettext(
            "You have submitted %(count)d film: this contest takes no more from one person. Withdraw it to submit "
            "this one instead.",
            "You have submitted %(count)d films: this contest takes no more from one person. Withdraw one to submit "
            "this one instead.",
            used.person,
        )
        return [Hindrance("too_many", text % {"count": used.person})]
    here = used.tracks.get(entry.track_id, 0)
    if limits.per_track and here >= limits.per_track:
        text = ngettext(
            "You have submitted %(count)d film in the track “%(track)s”: it takes no more from one person. Withdraw "
            "it, or choose another track.",
            "You have submitted %(count)d films in the track “%(track)s”: it takes no more from one person. Withdraw "
            "one, or choose another track.",
            here,
        )
        return [Hindrance("too_many_in_track", text % {"count": here, "track": say(entry.track.name)})]
    return []


def same_film_of_entrant(entry: Entry, limits: LimitRules) -> Entry | None:
    """Another entry of the same person with the same film: the same file, or one that a technician has confirmed.

    In the same track that is never taken; in another one as the edition's rule says. The file's hash is known once a
    worker has stored it: what was submitted before that is held back by `doubles`.
    """
    versions = FilmVersion.objects.filter(
        entry__edition=entry.edition_id, entry__entrant=entry.entrant_id
    ).filter(Q(entry=entry) | Q(entry__state__in=COUNTING))
    newest = {
        of: (pk, asset)
        for of, pk, asset in versions.order_by("entry_id", "number").values_list("entry_id", "pk", "asset_id")
    }
    mine = newest.pop(entry.pk, None)
    if mine is None or not newest:
        return None
    version, asset = mine
    by_version = {pk: of for of, (pk, _asset) in newest.items()}
    same = {of for of, (_pk, other) in newest.items() if asset is not None and other == asset}
    confirmed = Match.objects.filter(
        Q(first=version, second__in=by_version) | Q(second=version, first__in=by_version),
        state=Match.State.CONFIRMED,
        kind__in=(Match.Kind.FILE, Match.Kind.PICTURE),
        share__gte=SAME_FILM_SHARE,
    ).values_list("first", "second")
    same |= {by_version[second if first == version else first] for first, second in confirmed}
    if not same:
        return None
    others = Entry.objects.filter(pk__in=same).select_related("track")
    if not limits.one_track_per_film:
        others = others.filter(track=entry.track_id)
    return others.order_by("pk").first()


def _entered_already(entry: Entry, other: Entry) -> Hindrance:
    values = {"track": say(other.track.name), "title": other.title, "code": other.code}
    if other.track_id == entry.track_id:
        text = _("You have entered this film already, as “%(title)s” (%(code)s). Enter another film.")
        return Hindrance("entered_already", text % values)
    text = _(
        "You have entered this film in the track “%(track)s” already, as “%(title)s” (%(code)s), and a film takes "
        "part in one track only. Withdraw that entry, or enter another film."
    )
    return Hindrance("entered_in_track", text % values)


def hold_limits(entry: Entry) -> None:
    """Refuses to submit beyond the limits. Of several at once each waits for the one before: none slips through.

    Called in a transaction: the entrant's account is locked until its end, and the track where it can be full.
    """
    User.objects.select_for_update(no_key=True).only("pk").get(pk=entry.entrant_id)
    if entry.state == State.DRAFT and entry.track.most_entries:
        entry.track = Track.objects.select_for_update(no_key=True).get(pk=entry.track_id)
    found = hindrances(entry)
    if found:
        raise Refused(" ".join(one.sentence for one in found), code=found[0].code)
