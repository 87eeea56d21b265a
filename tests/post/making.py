"""Notices, templates and letters to many, each only what a test asks for."""

from typing import Any

from django.utils import timezone

from festival.edition.models import Edition
from festival.people.actor import Actor
from festival.people.roles import Role
from festival.post import mailing_actions
from festival.post.models import Mailing, Notice, Template
from festival.post.template_actions import save_template
from tests.factories import make_edition, make_entry, make_member, make_user

SAMPLE = {
    "title": "Lamp",
    "code": "ABC2345",
    "filename": "lamp.mov",
    "until": "2027-03-01T15:59:00+00:00",
    "old": "2027-02-22T15:59:00+00:00",
    "reason": "It is cut off.",
    "films": 12,
    "seconds": 41 * 60,
    "meeting": "Last meeting",
    "question": "Which film?",
    "from": "2027-02-28T12:00:00+00:00",
    "place": "Room 7",
    "findings": {"en": "– Loudness too low", "zh": "– 响度偏低"},
}
CALL = {
    "title": "Lamp",
    "code": "ABC2345",
    "deadline": "2027-03-01T16:00:00+00:00",
    "missing": {"en": "– Upload the film.", "zh": "– 上传影片。"},
}


def make_notice(**fields: Any) -> Notice:
    fields.setdefault("kind", "entry_submitted")
    fields.setdefault("values", {"title": "Lamp", "code": "ABC2345"})
    fields.setdefault("user", make_user())
    fields.setdefault("edition", make_edition())
    fields.setdefault("path", "/entries/ABC2345/")
    fields.setdefault("created_at", timezone.now())
    return Notice.objects.create(**fields)


def make_template(by: Actor, edition: Edition, kind: str = "entry_submitted", **fields: Any) -> Template:
    """The edition's own words; `seen` is the number of those before."""
    words = {
        "subject": {"en": "We have “{title}”", "zh": "已收到《{title}》"},
        "body": {"en": "Thank you, {name}. {code}", "zh": "谢谢{name}。{code}"},
        "seen": 0,
        "at": timezone.now(),
    }
    return save_template(edition=edition, kind=kind, by=by, **words | fields)


def make_organiser(edition: Edition) -> Actor:
    return make_member(edition, Role.ORGANISER)


def make_mailing(edition: Edition, by: Actor, *, entries: int = 0, **fields: Any) -> Mailing:
    """A letter to the admitted entries, still being written; with so many of them."""
    for _number in range(entries):
        make_entry(edition, state="eligible")
    words: dict[str, Any] = {
        "audience": "eligible",
        "track": None,
        "topic": "entry",
        "about": {"en": "the jury’s calendar", "zh": "评审日程"},
        "subject": {"en": "About “{title}”", "zh": "关于《{title}》"},
        "body": {"en": "Dear {name}, your {code}.", "zh": "{name}您好，作品{code}。"},
    }
    return mailing_actions.write_mailing(edition=edition, by=by, at=timezone.now(), **words | fields)


def make_ready(edition: Edition, by: Actor, *, entries: int = 3, **fields: Any) -> Mailing:
    """A letter whose recipients are gathered."""
    mailing = make_mailing(edition, by, entries=entries, **fields)
    mailing_actions.make_ready(mailing=mailing, by=by, at=timezone.now())
    mailing_actions.gather(pk=mailing.pk)
    mailing.refresh_from_db()
    return mailing


def start(mailing: Mailing, by: Actor) -> None:
    mailing_actions.start(mailing=mailing, by=by, at=timezone.now())
