"""The two programmes of docs/examples as editions of the site: out of their blueprints, films and guests by hand."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from festival.catalogue.actions import say_for_composing, write_film
from festival.catalogue.models import Film
from festival.edition.actions import add_member
from festival.edition.blueprint import named
from festival.edition.models import Edition
from festival.people.actor import Actor, actor_of
from festival.people.roles import Role
from festival.premiere import guest_actions, proposal_actions, release_actions
from festival.premiere.models import Proposal
from festival.premiere.proposal_forms import ProposalForm
from judging.setup import make_edition
from tests.factories import make_user

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
FORMATS = {"DCP": "dcp", "ProRes": "prores", "H.264": "h264"}
SHAPES = {"1.85": (1998, 1080), "2.39": (2048, 858)}
ZONE = "Asia/Shanghai"
NOW = datetime(2027, 4, 1, 4, tzinfo=ZoneInfo("UTC"))
# The first day of screenings is in both examples 17 April 2027.
OPENS = {
    "invited-premiere": date(2027, 4, 17) - timedelta(days=100),
    "festival-unit": date(2027, 4, 17) - timedelta(days=81),
}
EXAMPLE = {"invited-premiere": "premiere", "festival-unit": "unit"}


def at(text: str) -> datetime:
    """A local time of the examples."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE))


def make(key: str, slug: str) -> tuple[Edition, Actor]:
    """The edition of a blueprint, public, with the films and guests of its example, and an organiser."""
    owner = make_user("Organiser")
    edition = make_edition(plan=named(key), slug=slug, opens=OPENS[key], owner=owner, public=True)
    add_member(edition=edition, user=owner, role=Role.ORGANISER)
    example = json.loads((EXAMPLES / f"{EXAMPLE[key]}.json").read_text(encoding="utf-8"))
    guests = {row["guest"]: _guest(edition, row) for row in example["guests"]}
    for row in example["films"]:
        film = _film(edition, row)
        for name in row.get("guests", ()):
            guest_actions.add_film(guest=guests[name], film=film, needed=True)
    return edition, actor_of(owner)


def _guest(edition: Edition, row: dict[str, Any]) -> Any:
    guest = guest_actions.write_guest(edition=edition, name={"en": row["guest"], "zh": row["guest"]})
    for time in row.get("available", ()):
        guest_actions.add_time(guest=guest, starts_at=at(time["from"]), ends_at=at(time["until"]))
    return guest


def _film(edition: Edition, row: dict[str, Any]) -> Film:
    width, height = SHAPES[row.get("aspect", "1.85")]
    track = edition.tracks.filter(name__en__iexact=_track(row)).first()
    film = write_film(
        edition=edition,
        seconds=row["seconds"],
        title=row["film"],
        title_en=row["film"],
        track=track.name if track else {},
        credits=[{"role": "director", "name": name} for name in row.get("guests", ())],
        language=", ".join(row.get("languages", ())),
        file_format=FORMATS[row["formats"][0]] if "formats" in row else "dcp",
        width=width,
        height=height,
        frame_rate=row.get("rate", "24"),
        channels=6 if row.get("surround") else 2,
    )
    say_for_composing(
        film=film, min_age=row.get("age", 0), mood=row["mood"], tempo=row["tempo"], strength=row["strength"]
    )
    return film


def _track(row: dict[str, Any]) -> str:
    return "fiction" if row.get("track") == "story" else row.get("track", "invited directors")


def propose(edition: Edition, by: Actor, **changed: Any) -> Proposal:
    """What the solver makes of the form as the page first shows it: the blueprint's own wishes."""
    shown = ProposalForm(edition=edition)
    given = {name: shown.get_initial_for_field(field, name) for name, field in shown.fields.items()}
    form = ProposalForm({**{k: v for k, v in given.items() if v is not None}, **changed}, edition=edition)
    assert form.is_valid(), form.errors
    mode = form.cleaned_data["mode"]
    proposal = proposal_actions.ask(edition=edition, mode=mode, wishes=form.wishes, by=by, at=NOW)
    proposal_actions.make(pk=proposal.pk, now=lambda: NOW)
    return Proposal.objects.get(pk=proposal.pk)


def put_and_release(edition: Edition, proposal: Proposal, by: Actor) -> None:
    """The draft on the table, and the table to the public."""
    assert proposal.draft is not None
    assert not release_actions.use_draft(draft=proposal.draft, by=by, at=NOW)
    release_actions.make_release(edition=edition, note={}, by=by, at=NOW)
