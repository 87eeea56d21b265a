"""Films arrive: submitted and settled through the actions of the site, each at its own moment."""

import hashlib
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from festival.edition.form_rules import read_form
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from judging.rehearsal import in_bulk
from judging.rehearsal.contest import Arrival, Contest, calls
from judging.rehearsal.film_rows import next_number, report_of, write_reports, write_versions
from submissions import actions
from submissions.in_time import assert_in_time
from submissions.lifecycle import State
from submissions.limits import hold_limits
from submissions.models import Entry

TICKS = 20  # films between two words about how far it is

Tick = Callable[[float], None]
"""Told how much of a stage is behind it, from 0 to 1."""


@dataclass
class Arrived:
    """What came of it: refusals by their code, films by state, and those of them that stayed in it because they were
    refused (`held`).
    """

    refused: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    mended: int = 0
    doubles: int = 0
    one_by_one: int = 0
    states: dict[str, int] = field(default_factory=dict)


def arrive(made: Contest, tick: Tick = lambda _share: None) -> Arrived:
    """Every film is sent in, inspected, settled; some are mended, and of two that are one file the later is refused.

    Whether a form is complete is not asked: the entries have only what deadlines, limits and admission read. The
    first films, and whatever a rule can refuse, go through the actions one by one; the others are written in bulk.
    """
    found = Arrived()
    draw = random.Random(f"{made.edition.slug} mending")
    plain = _plain(made)
    single = [one for one in made.arrivals if one.entry not in plain]
    for number, arrival in enumerate(single):
        _send(arrival, found)
        if number % TICKS == 0:
            tick(0.7 * number / len(single))
    entries = Entry.objects.select_related("entrant", "track").in_bulk(plain)
    in_bulk.admit(
        edition=made.edition,
        films=[(entries[one.entry], one.at, one.inspected_at) for one in made.arrivals if one.entry in plain],
    )
    tick(0.8)
    mending = [(one, one.mended_at) for one in made.arrivals if one.mended_at]
    for number, (arrival, at) in enumerate(mending):
        _mend(made, arrival, at, found, draw)
        if number % TICKS == 0:
            tick(0.8 + 0.2 * number / len(mending))
    _judge_doubles(made, found)
    states = Entry.objects.filter(edition=made.edition).values_list("state", flat=True)
    found.states = dict(sorted(Counter(states).items()))
    found.one_by_one = len(single)
    return found


def _plain(made: Contest) -> set[int]:
    """The films that nothing can keep out, but for the first: sent in while the call is open, clean, of a file and a
    person that break no limit.
    """
    opens, ends = calls(made.edition)
    limits = read_form(made.edition.form).limits
    facts = {
        pk: (entrant, sha, track)
        for pk, entrant, sha, track in Entry.objects.filter(pk__in=made.films).values_list(
            "pk", "entrant_id", "versions__asset__sha256", "track_id"
        )
    }
    files = Counter(sha for _entrant, sha, _track in facts.values())
    people = Counter(entrant for entrant, _sha, _track in facts.values())
    most = min(filter(None, (limits.per_person, limits.per_track)), default=len(facts))
    tracks = made.edition.tracks.filter(most_entries=0, ends_at=None, closed_at=None)
    free = set(tracks.values_list("pk", flat=True))
    return {
        one.entry
        for one in made.arrivals[made.size.one_by_one :]
        if not one.faulty
        and opens <= one.at < ends
        and (facts[one.entry][1] is None or files[facts[one.entry][1]] == 1)
        and people[facts[one.entry][0]] <= most
        and facts[one.entry][2] in free
    }


def _send(arrival: Arrival, found: Arrived) -> None:
    entry = Entry.objects.select_related("edition", "track", "entrant").get(pk=arrival.entry)
    if _submit(entry, arrival.at, found):
        actions.settle(entry=entry, at=arrival.inspected_at)


def _submit(entry: Entry, at: datetime, found: Arrived) -> bool:
    try:
        with transaction.atomic():
            assert_in_time(entry, at)
            hold_limits(entry)
            by = actor_of(entry.entrant)
            actions.move(entry=entry, name="submit", by=by, at=at, set_fields={"submitted_at": at})
    except Refused as refused:
        code: object = refused.code  # that of a full track comes with the track
        why = str(code[0] if isinstance(code, tuple) else code)
        found.refused[why] = found.refused.get(why, 0) + 1
        found.held[entry.state] = found.held.get(entry.state, 0) + 1
        return False
    return True


def _mend(made: Contest, arrival: Arrival, at: datetime, found: Arrived, draw: random.Random) -> None:
    entry = Entry.objects.select_related("edition", "track", "entrant").get(pk=arrival.entry)
    if entry.state != State.FIXING:
        return
    seconds = entry.running_time or 60
    sha = hashlib.sha256(f"{made.edition.slug} {entry.code} mended".encode()).hexdigest()
    (version,) = write_versions(made.edition.slug, [(entry, next_number(entry), sha, at, seconds)])
    write_reports([(version, report_of(draw, (), seconds=seconds, faulty=False), at, at)])
    if _submit(entry, at, found):
        actions.settle(entry=entry, at=at)
        found.mended += 1


def _judge_doubles(made: Contest, found: Arrived) -> None:
    """A technician looks at what was held back: the same file is there already."""
    last = max((one.inspected_at for one in made.arrivals), default=calls(made.edition)[1])
    for entry in Entry.objects.filter(edition=made.edition, state=State.SUBMITTED).select_related("edition"):
        actions.refuse(
            entry=entry, by=made.technician, at=last, reason="This film was entered by somebody else, too."
        )
        found.doubles += 1
