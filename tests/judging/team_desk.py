"""An organiser at the desk who sets up an edition's teams: what she reads and posts."""

import html
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.test import Client
from django.utils import timezone

from festival.edition.blueprint import Blueprint, named, parse
from festival.edition.blueprint_writer import write
from festival.edition.models import Edition
from festival.kit.clock import in_zone, last_minute
from festival.people.actor import Actor
from festival.people.roles import Role
from judging.blueprint_export import plan_of
from judging.setup import make_edition
from tests.factories import make_member, make_user

OPENS = date(2031, 3, 3)
WHY = {"en": "More was given.", "zh": "追加。"}


class Desk:
    """The contest of a blueprint, and its organiser. `opened`: the call has been open since yesterday."""

    def __init__(self, blueprint: str, *, opened: bool = False, slug: str = "spring") -> None:
        self.edition: Edition = make_edition(
            plan=named(blueprint), slug=slug, opens=OPENS, owner=make_user(), public=True
        )
        if opened:
            self.edition.phases.filter(kind="call").update(starts_at=timezone.now() - timedelta(days=1))
        self.by: Actor = make_member(self.edition, Role.ORGANISER)
        self.client = Client()
        self.client.force_login(self.by.user)

    def url(self, path: str = "") -> str:
        return f"/{self.edition.slug}/desk/setup/teams/{path}"

    def read(self, path: str = "") -> str:
        return html.unescape(self.client.get(self.url(path)).content.decode())

    def fields(self, path: str) -> dict[str, Any]:
        """What the form would send as it is."""
        found: dict[str, Any] = {}
        for field in self.client.get(self.url(path)).context["form"]:
            value = field.value()
            if isinstance(value, dict):
                found |= {f"{field.html_name}_{key}": text for key, text in value.items()}
            elif isinstance(value, date):
                found[field.html_name] = value.isoformat()
            elif value not in (None, False):
                found[field.html_name] = "on" if value is True else value
        return found

    def post(self, path: str, **changed: Any) -> Any:
        given = {key: value for key, value in (self.fields(path) | changed).items() if value is not None}
        return self.client.post(self.url(path), given)

    def plan(self) -> Blueprint:
        return plan_of(Edition.objects.get(pk=self.edition.pk))

    def deed(self, why: dict[str, str] | None = None) -> dict[str, Any]:
        return {"by": self.by, "at": timezone.now(), "reason": why or {}}

    def day(self, end: datetime) -> date:
        """The last day that counts before the first moment that is too late."""
        return in_zone(last_minute(end), self.edition.time_zone).date()


def written(plan: Blueprint, folder: Path) -> Blueprint:
    """The plan as its two files give it back."""
    (folder / "rules.toml").write_text(plan.rulebook, encoding="utf-8")
    return parse(write(plan, "rules.toml"), key=plan.key, folder=folder)
