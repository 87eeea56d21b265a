"""Writes of proposals: asked for by a programmer, made by the worker, stopped, kept as a draft."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from festival.catalogue.models import Film
from festival.edition.models import Edition
from festival.kit.codes import new_code
from festival.kit.errors import Refused
from festival.kit.queue import enqueue
from festival.people.actor import Actor
from festival.premiere import permissions, proposal_inputs, snapshots, wish_inputs
from festival.premiere.models import Draft, Hall, Item, Proposal, Screening
from festival.premiere.timetable import document, engine
from festival.premiere.timetable.answers import answer_json
from festival.premiere.timetable.reading import Fault
from festival.premiere.timetable.search import Progress

log = logging.getLogger(__name__)
State = Proposal.State
PATIENCE = timedelta(minutes=3)  # after it a worker that says nothing is taken for dead
TELL = timedelta(seconds=1)  # between two words of how far it is
FILM_INTRO = {"en": "Introduction to the film", "zh": "片前介绍"}  # other than that of the whole programme


@transaction.atomic
def ask(*, edition: Edition, mode: str, wishes: Mapping[str, Any], by: Actor, at: datetime) -> Proposal:
    """Have a timetable made. Refused while one is being made, without a hall, and when no film is left to place."""
    if not permissions.can_programme(by, edition):
        raise Refused(_("Only an organiser changes the programme."), status=403)
    fresh = Edition.objects.select_for_update().get(pk=edition.pk)
    asked = Proposal.objects.filter(edition=fresh)
    asked.filter(state=State.RUNNING, heard_at__lt=at - PATIENCE).update(state=State.FAILED)
    wishes = wish_inputs.complete(wishes)
    inputs = proposal_inputs.inputs_of(fresh, wishes, mode)
    if not inputs.problem["venues"]:
        raise Refused(_("There is no hall yet. Enter one first."), status=400, code="no_hall")
    if not inputs.problem["films"]:
        if mode != Proposal.Mode.REST and inputs.kept:
            text = _(
                "Everything that is on the table stays, and every film has its place: nothing is left to solve."
            )
            raise Refused(text, status=400, code="no_film")
        raise Refused(_("Every film has its place already."), status=400, code="no_film")
    try:
        document.read_problem(inputs.problem)
    except Fault as fault:
        raise Refused(_("This cannot be worked with: %(what)s") % {"what": fault}, status=400) from None
    rows = snapshots.take(fresh)["screenings"]
    gone = {row["code"] for row in rows if row["cancelled_at"]} | inputs.kept
    kept = [row for row in rows if row["code"] in gone or row["rehearses"] in gone]
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                edition=fresh,
                mode=mode,
                wishes=wishes,
                asked_at=at,
                heard_at=at,
                by=by.user,
                problem=inputs.problem,
                previous=inputs.previous,
                kept={"screenings": kept},
            )
    except IntegrityError:
        raise Refused(
            _("A timetable is being made already. Wait for it, or stop it."), code="running"
        ) from None
    from festival.premiere.tasks import propose

    enqueue(propose, proposal.pk)
    return proposal


def stop(*, proposal: Proposal, by: Actor) -> None:
    """Ask it to end with the best so far."""
    if not permissions.can_programme(by, proposal.edition):
        raise Refused(_("Only an organiser changes the programme."), status=403)
    Proposal.objects.filter(pk=proposal.pk, state=State.RUNNING).update(stop=True)


def make(*, pk: int, now: Callable[[], datetime]) -> None:
    """Make the timetable that was asked for, and keep it as a draft. Safe to run twice: a second run says the same."""
    proposal = Proposal.objects.select_related("edition", "by").filter(pk=pk, state=State.RUNNING).first()
    if proposal is None:
        return
    running = Proposal.objects.filter(pk=pk, state=State.RUNNING)
    told = now() - TELL

    def watch(progress: Progress) -> bool:
        nonlocal told
        at = now()
        if at - told < TELL:
            return True
        told = at
        placed = sum(len(block.screenings) for block in progress.plan.blocks) if progress.plan else 0
        running.update(
            stage=progress.stage,
            seconds=int(progress.seconds),
            cost=progress.cost,
            placed=placed,
            heard_at=at,
        )
        return not Proposal.objects.filter(pk=pk).values_list("stop", flat=True).first()

    try:
        problem = document.read_problem(proposal.problem)
        previous = document.read_plan(proposal.previous, problem) if proposal.previous else None
        seconds = proposal.wishes.get("seconds") or None
        found = engine.make(problem, previous=previous, seconds=seconds, watch=watch)
        answer = answer_json(problem, found)
    except Exception:
        log.exception("proposal %s failed", pk)
        running.update(state=State.FAILED, heard_at=now())
        return
    _keep(proposal, answer, at=now())


@transaction.atomic
def _keep(proposal: Proposal, answer: dict[str, Any], *, at: datetime) -> None:
    fresh = Proposal.objects.select_for_update().filter(pk=proposal.pk, state=State.RUNNING).first()
    if fresh is None:
        return
    fresh.answer, fresh.heard_at = answer, at
    fresh.state = State.READY if answer.get("blocks") is not None else State.NOTHING
    if fresh.state == State.READY:
        fresh.cost = answer["cost"]
        fresh.draft = Draft.objects.create(
            edition=proposal.edition,
            name=_("Proposal %(number)d") % {"number": proposal.pk},
            origin=Draft.Origin.SOLVER,
            at=at,
            by=proposal.by,
            document=draft_of(proposal, answer),
            told={"goals": answer["goals"], "cost": answer["cost"]},
        )
    fresh.save()


def draft_of(proposal: Proposal, answer: Mapping[str, Any]) -> snapshots.Document:
    """The answer as a timetable that can be put on the table: what stays, and the blocks as screenings. Four queries.

    A block that was on the table keeps its code, title and words; a new one is called after its number, in the order
    of first showings; one that is alone after the edition.
    """
    edition = proposal.edition
    films = {film.code: film for film in Film.objects.filter(edition=edition)}
    halls = {hall.pk: hall for hall in Hall.objects.filter(venue__edition=edition)}
    there = {row["code"]: row for row in snapshots.take(edition)["screenings"]}
    rows = list(proposal.kept["screenings"])
    number = sum(1 for row in rows if not row["rehearses"])
    for block in sorted(answer["blocks"], key=_first_shown):
        old = there.get(block["block"])
        number += 1
        first = _row(proposal, block, 0, films, halls, old, number)
        if old is None and number == len(answer["blocks"]) == 1:
            first["title"] = edition.name
        rows.append(first)
        for place, one in enumerate(block["screenings"]):
            if place:
                again = next((row for row in there.values() if row["repeat_of"] == first["code"]), None)
                row = _row(proposal, block, place, films, halls, again, number)
                rows.append({**row, "title": first["title"], "repeat_of": first["code"], "premiere": ""})
            if one.get("rehearsal"):
                rows.append(_rehearsal(proposal, first, one["rehearsal"]))
    return {"screenings": rows}


def _first_shown(block: Mapping[str, Any]) -> tuple[str, int]:
    first = block["screenings"][0]
    return first["starts"], int(first["hall"])


def _moment(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def _row(
    proposal: Proposal,
    block: Mapping[str, Any],
    place: int,
    films: Mapping[str, Film],
    halls: Mapping[int, Hall],
    old: snapshots.Document | None,
    number: int,
) -> snapshots.Document:
    one = block["screenings"][place]
    zone, hall = proposal.edition.time_zone, halls[int(one["hall"])]
    starts = _moment(one["starts"], zone).astimezone(ZoneInfo("UTC"))
    shown = [films[code] for code in block["films"] if code in films]
    items = _items(proposal, shown, old, premiere=place == 0)
    ends = starts + timedelta(seconds=sum(item["seconds"] for item in items))
    premiere = wish_inputs.complete(proposal.wishes)["premiere"]
    fresh = Screening(
        edition=proposal.edition,
        title={"en": f"Programme {number}", "zh": f"第{number}场"},
        premiere="" if premiere == "none" else premiere,
    )
    base = old or {
        "code": new_code(),
        **{name: getattr(fresh, name) for name in snapshots.PLAIN},
        "cancelled_at": None,
        "rehearses": "",
        "repeat_of": "",
    }
    return {
        **base,
        "hall": hall.pk,
        "starts_at": starts.isoformat(),
        "ends_at": ends.isoformat(),
        "busy_until": (ends + timedelta(minutes=hall.turnaround_minutes)).isoformat(),
        "items": items,
    }


def _items(
    proposal: Proposal, films: list[Film], old: snapshots.Document | None, *, premiere: bool
) -> list[dict[str, Any]]:
    """Whoever comes with a film introduces it; where nobody comes there is nobody to ask anything.

    As long as no guest at all was entered, every premiere has its Q&A. A film that was in this running order keeps its
    copy and its cue.
    """
    wishes, kinds = wish_inputs.complete(proposal.wishes), Item.Kind
    come = {row["film"] for row in proposal.problem["films"] if row["guests"]}
    kept = {line["film"]: line for line in (old or {}).get("items", ()) if "film" in line}
    found: list[dict[str, Any]] = []

    def add(kind: Item.Kind, seconds: int, title: Mapping[str, str] = MappingProxyType({})) -> None:
        if seconds:
            found.append({"kind": str(kind), "seconds": seconds, "title": dict(title)})

    add(kinds.INTRO, wishes["intro_minutes"] * 60)
    for film in films:
        if premiere and film.code in come:
            add(kinds.INTRO, wishes["film_intro_seconds"], FILM_INTRO)
        add(kinds.LABEL, wishes["label_seconds"])
        found.append(
            {
                "kind": str(kinds.FILM),
                "seconds": film.seconds,
                "title": {},
                "film": film.code,
                "name": {"zh": film.title, "en": film.title_en or film.title},
                **{
                    name: kept[film.code][name] for name in ("copy", "cue") if name in kept.get(film.code, ())
                },
            }
        )
    if premiere and (not come or any(film.code in come for film in films)):
        add(kinds.QA, wishes["qa_minutes"] * 60)
    return found


def _rehearsal(proposal: Proposal, first: snapshots.Document, text: str) -> snapshots.Document:
    starts = _moment(text, proposal.edition.time_zone).astimezone(ZoneInfo("UTC"))
    ends = starts + timedelta(minutes=proposal.wishes["rehearsal_minutes"])
    fresh = Screening(edition=proposal.edition, kind=Screening.Kind.REHEARSAL)
    return {
        "code": new_code(),
        **{name: getattr(fresh, name) for name in snapshots.PLAIN},
        "cancelled_at": None,
        "rehearses": first["code"],
        "repeat_of": "",
        "hall": first["hall"],
        "starts_at": starts.isoformat(),
        "ends_at": ends.isoformat(),
        "busy_until": ends.isoformat(),
        "items": [],
    }
