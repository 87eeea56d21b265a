"""Who has an entry now and until when, and what the jury has watched: what an entrant need not ask anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.calendar import Calendar
from festival.edition.form_rules import FormRules
from festival.edition.models import Phase
from festival.kit.words import say
from submissions.deadline import closes_at
from submissions.lifecycle import State
from submissions.models import Entry, Event, Inspection

SEEN_TO_THE_END = 90  # per cent: who left during the credits has seen the film


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, and until when they have it; `late`: that moment is over. `mine`: the entrant's own."""

    who: str
    until: datetime | None = None
    late: bool = False
    mine: bool = False


def turn_of(entry: Entry, inspection: Inspection | None, calendar: Calendar, rules: FormRules) -> Turn | None:
    """Whose turn it is at `calendar.at`; None where nobody's is. Asks nothing of the database.

    An inspection is counted from when its film was submitted, or sent, whichever came later; a technician's decision
    from the end of the inspection.
    """
    at, promises = calendar.at, rules.promises
    if entry.state in (State.DRAFT, State.FIXING):
        until = closes_at(entry, calendar)
        return Turn(_("You"), until, mine=True) if until and at < until else None
    if entry.state == State.SUBMITTED and entry.submitted_at:
        if inspection is None or not inspection.verdict:
            since = max(entry.submitted_at, inspection.queued_at if inspection else entry.submitted_at)
            return _promised(_("The technical inspection"), since, hours=promises.inspection_hours, at=at)
        since = max(entry.submitted_at, inspection.finished_at or entry.submitted_at)
        return _promised(_("The technicians"), since, hours=24 * promises.decision_days, at=at)
    if entry.state == State.ELIGIBLE and not entry.told:
        jury = next((phase for phase in calendar.phases if phase.kind == Phase.Kind.JURY), None)
        if jury and at < jury.ends_at:
            return Turn(_("The jury"), jury.ends_at)
        return Turn(_("The organisers"))
    return None


def _promised(who: str, since: datetime, *, hours: int, at: datetime) -> Turn:
    if not hours:
        return Turn(who)
    until = since + timedelta(hours=hours)
    return Turn(who, until, late=at >= until)


def rounds_under_way(events: list[Event]) -> list[str]:
    """Which rounds of the jury have this film now and how far each is, a sentence each, as the log says it.

    Events in their order. A look counts while it was neither opened again nor given up, whoever wrote that down.
    """
    rounds: dict[str, dict[str, Any]] = {}
    looks: dict[tuple[str, object], bool] = {}
    for event in events:
        slug = str(event.values.get("round", ""))
        if event.kind == "judging_began":
            rounds[slug] = event.values
        elif event.kind == "judging_ended":
            rounds.pop(slug, None)
        elif event.kind in ("look_finished", "look_reopened", "look_recused"):
            looks[slug, event.values.get("look")] = event.kind == "look_finished"
    return [_progress(slug, said, looks) for slug, said in rounds.items()]


def _progress(slug: str, said: Mapping[str, Any], looks: Mapping[tuple[str, object], bool]) -> str:
    done = sum(finished for (round, _look), finished in looks.items() if round == slug)
    values = {"round": say(said.get("name")) or slug, "done": done, "looks": said.get("looks")}
    if values["looks"]:
        return _("“%(round)s” is open: %(done)d of %(looks)d looks are done.") % values
    return _("“%(round)s” is open; looks done: %(done)d.") % values


def viewings_text(events: list[Event], rules: FormRules, *, project: bool = False) -> str:
    """How many of the jury have watched the film, and how much of it, as far as the edition tells. Empty: nothing.

    Without names, rounds, scores or times. A judge who watched again, in this round or in a later one, counts once,
    with what was watched last; whose account is gone counts once for each look.
    """
    if rules.promises.viewings == "none":
        return ""
    judges: dict[object, int | None] = {}
    for event in events:
        if event.kind == "look_finished":
            look = ("look", event.values.get("look", f"event {event.pk}"))
            judges[event.actor_id or look] = event.values.get("watched")
    if not judges:
        return ""
    count = len(judges)
    if project:
        return ngettext(
            "%(count)d member of the jury has read your project.",
            "%(count)d members of the jury have read your project.",
            count,
        ) % {"count": count}
    shares = [share for share in judges.values() if share is not None]
    if rules.promises.viewings == "count" or not shares:
        return ngettext(
            "%(count)d member of the jury has watched your film.",
            "%(count)d members of the jury have watched your film.",
            count,
        ) % {"count": count}
    if min(shares) >= SEEN_TO_THE_END:
        return ngettext(
            "%(count)d member of the jury has watched your film to the end.",
            "%(count)d members of the jury have watched your film to the end.",
            count,
        ) % {"count": count}
    return ngettext(
        "%(count)d member of the jury has watched your film; %(share)d%% of it was played.",
        "%(count)d members of the jury have watched your film; on average %(share)d%% of it was played.",
        count,
    ) % {"count": count, "share": round(sum(shares) / len(shares))}
