"""Plain functions that make what a test needs: each only what it is asked for, and what that cannot be without."""

import gzip
import itertools
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from festival.edition.actions import add_member
from festival.edition.models import Declaration, DeclarationVersion, Edition, Phase, Track
from festival.kit.codes import new_code
from festival.people.actor import SYSTEM, Actor, actor_of
from festival.people.models import User
from festival.people.roles import Role
from festival.team import links
from festival.team.models import Invitation
from judging.fairness.document import report_of
from judging.logic.canonical import canonical, digest
from judging.models import Criterion, FairnessReport, Panel, Rehearsal, Round
from judging.rehearsal.load import BENCHMARKS
from judging.rehearsal.report import Film, Prices
from judging.rehearsal.report import report as report_of_rehearsal
from submissions import signed_letters
from submissions.credit_actions import write_credits
from submissions.credit_people import Person, people_of
from submissions.inspection.picture_file import PictureFacts
from submissions.models import (
    Asset,
    Attachment,
    Code,
    Correction,
    CreditInvitation,
    Entry,
    FilmVersion,
    Inspection,
    Question,
    SubtitleFile,
    TransferOffer,
    Upload,
)
from submissions.question_actions import Words
from submissions.question_actions import make_question as write_question
from submissions.statement.facts import Use
from submissions.statement_actions import write_uses

_count = itertools.count(1)
PASSWORD = "a long password"


def make_user(name: str = "", **fields: Any) -> User:
    """An account that can log in with PASSWORD."""
    number = next(_count)
    name = name or f"Person {number}"
    email = fields.pop("email", f"person{number}@example.org")
    return User.objects.create_user(email, PASSWORD, name=name, **fields)


def make_edition(
    slug: str = "", *, owner: User | None = None, call_open: bool | None = None, **fields: Any
) -> Edition:
    """A public edition with one track; with a call for entries that is open, or over, when `call_open` is given."""
    slug = slug or f"edition-{next(_count)}"
    fields.setdefault("status", Edition.Status.PUBLIC)
    edition = Edition.objects.create(slug=slug, name={"en": slug.title(), "zh": "首映"}, **fields)
    Track.objects.create(edition=edition, slug="open", name={"en": "Open", "zh": "公开单元"})
    if owner:
        add_member(edition=edition, user=owner, role=Role.OWNER)
    if call_open is not None:
        now = timezone.now()
        make_call(edition, opens=now - timedelta(days=10), ends=now + timedelta(days=10 if call_open else -1))
    return edition


def make_member(edition: Edition, role: Role, name: str = "") -> Actor:
    """Somebody with a role in the edition, as the one who acts."""
    user = make_user(name)
    add_member(edition=edition, user=user, role=role)
    return actor_of(user)


def make_entry(
    edition: Edition, *, state: str = "eligible", entrant: User | None = None, **fields: Any
) -> Entry:
    """An entry in a state, without a film."""
    number = next(_count)
    now = timezone.now()
    fields.setdefault("title", f"Film {number}")
    fields.setdefault("code", f"F{number:06}")
    fields.setdefault("director", "Somebody")
    if state != "draft":
        fields.setdefault("submitted_at", now)
    if state == "fixing":
        fields.setdefault("fix_until", now + timedelta(days=7))
    fields.setdefault("track", edition.tracks.first())
    return Entry.objects.create(
        edition=edition, entrant=entrant or make_user(), state=state, created_at=now, updated_at=now, **fields
    )


def make_inspection(
    entry: Entry, *, seconds: float = 60, copy_key: str = "copies/none.mp4", **fields: Any
) -> Inspection:
    """A film version with a finished inspection, as rows: no file stands behind them."""
    now = timezone.now()
    number = entry.versions.count() + 1
    upload = Upload.objects.create(
        entry=entry,
        user=entry.entrant,
        filename="film.mp4",
        size=10,
        part_size=10,
        fingerprint=f"film-{number}",
        state="complete",
        created_at=now,
        expires_at=now + timedelta(days=1),
        completed_at=now,
    )
    version = FilmVersion.objects.create(
        entry=entry, number=number, upload=upload, filename="film.mp4", size=10, created_at=now
    )
    fields.setdefault("state", "done")
    if fields["state"] == "done":
        fields.setdefault("verdict", "pass")
        fields.setdefault("finished_at", now)
    fields.setdefault("report", {"verdict": "pass", "video": {"duration": seconds}, "findings": []})
    return Inspection.objects.create(version=version, queued_at=now, copy_key=copy_key, **fields)


def make_subtitles(
    entry: Entry, language: str = "zh-Hans", *, state: str = "read", **fields: Any
) -> SubtitleFile:
    """A subtitle file beside an entry's film, as rows: no file stands behind them."""
    number = next(_count)
    now = timezone.now()
    asset = Asset.objects.create(
        sha256=f"{number:064}", size=10, key=f"originals/{number}.txt", created_at=now
    )
    if state == "read":
        facts = {"form": "srt", "place": "beside", "encoding": "utf-8", "language": language, "cues": 2}
        fields.setdefault("facts", {"facts": facts, "latest": [[1.0, 3.0]]})
        fields.setdefault("webvtt_key", f"subtitles/{number}.vtt")
    if state == "refused":
        fields.setdefault("problem", "not_text")
    return SubtitleFile.objects.create(
        entry=entry, asset=asset, language=language, state=state, created_at=now, hinted_at=now,
        **{"filename": "film.srt"} | fields,
    )  # fmt: skip


def make_code(edition: Edition, kind: str = "invitation", **fields: Any) -> Code:
    """A code with one use; a late one gives until two weeks from now."""
    now = timezone.now()
    if kind == "late":
        fields.setdefault("until", now + timedelta(days=14))
    fields.setdefault("code", new_code(12))
    return Code.objects.create(edition=edition, kind=kind, created_at=now, **{"label": "Somebody"} | fields)


def make_attachment(
    entry: Entry, kind: str = "still", *, state: str = "ready", form: str = "", **fields: Any
) -> Attachment:
    """A file beside an entry's film, as rows: no file stands behind them. `form`: a document of this form."""
    number = next(_count)
    now = timezone.now()
    key = f"originals/{number}.bin"
    asset = Asset.objects.create(sha256=f"{number:064}", size=10, key=key, created_at=now)
    if state == "ready" and form:
        fields.setdefault("facts", {"document": {"form": form, "files": 0}})
    elif state == "ready":
        facts = PictureFacts("jpeg", 1600, 900, variants=((320, 180), (640, 360), (1280, 720), (1600, 900)))
        fields.setdefault("facts", {"picture": asdict(facts)})
        fields.setdefault("folder", f"pictures/{number}-1")
    if state == "refused":
        fields.setdefault("problem", "broken")
    fields = {"filename": "picture.jpg", "size": 10, "position": number} | fields
    return Attachment.objects.create(
        entry=entry, kind=kind, asset=asset, state=state, created_at=now, hinted_at=now, **fields
    )


def make_declaration(edition: Edition, title: str = "Music", **fields: Any) -> Declaration:
    """A declaration that the edition asks for, in its first wording."""
    texts = {"title": {"en": title, "zh": "声明"}, "text": {"en": f"{title} is mine.", "zh": "均属本人。"}}
    key = fields.pop("key", title.lower())
    row = Declaration.objects.create(edition=edition, key=key, **texts | fields)
    DeclarationVersion.objects.create(
        declaration=row, number=1, title=row.title, text=row.text, made_at=timezone.now()
    )
    return row


def make_round(
    edition: Edition,
    slug: str = "jury",
    *,
    weights: dict[str, str] | None = None,
    opened_at: datetime | None = None,
    **fields: Any,
) -> Round:
    """A planned round with criteria by weight; open, but without looks, when `opened_at` is given."""
    if opened_at:
        fields.update(state="open", opened_at=opened_at)
    round = Round.objects.create(edition=edition, slug=slug, name={"en": "Jury", "zh": "评审"}, **fields)
    given = {"story": "60", "craft": "40"} if weights is None else weights
    for position, (name, weight) in enumerate(given.items()):
        Criterion.objects.create(
            round=round, slug=name, name={"en": name.title()}, weight=Decimal(weight), position=position
        )
    return round


def make_panel(round: Round, name: str, judges: list[Actor], **fields: Any) -> Panel:
    """A panel of a round with its judges."""
    panel = Panel.objects.create(round=round, name={"en": name}, position=round.panels.count(), **fields)
    panel.judges.set([judge.user for judge in judges])
    return panel


def make_call(edition: Edition, opens: datetime | None = None, ends: datetime | None = None) -> Phase:
    """The edition's call for entries: open since yesterday, for a week more, unless said otherwise."""
    now = timezone.now()
    return Phase.objects.create(
        edition=edition,
        kind=Phase.Kind.CALL,
        name={"en": "Call", "zh": "征集"},
        starts_at=opens or now - timedelta(days=1),
        ends_at=ends or now + timedelta(days=7),
    )


def make_draft(edition: Edition, entrant: User | None = None, **fields: Any) -> Entry:
    """A draft that lacks nothing but its film."""
    written = {
        "synopsis": {"en": "A lamp goes out."},
        "ai_statement": "Picture: Kling. Edit: by hand.",
    }
    return make_entry(edition, state="draft", entrant=entrant, **written | fields)


def make_question(edition: Edition, kind: str = "line", text: str = "Why?", **settings: Any) -> Question:
    """A question of the edition's own; `options` and `limits` go into its words, `tracks` are those it is asked in."""
    words = Words(
        text={"en": text, "zh": f"{text}（中文）"},
        options=settings.pop("options", ()),
        limits=settings.pop("limits", {}),
    )
    return write_question(edition=edition, kind=kind, words=words, by=SYSTEM, at=timezone.now(), **settings)


def make_uses(entry: Entry, *uses: Use) -> None:
    """The lines of an entry's AI statement, with what the edition's rulebook misses in them."""
    write_uses(entry=entry, uses=uses)


def make_correction(entry: Entry, *, state: str = "granted", **fields: Any) -> Correction:
    """A request of the entrant's, and what became of it; granted for three days, everything that was asked for."""
    now = timezone.now()
    names = fields.pop("names", ["title"])
    fields = {"asked": names, "message": "A slip.", "asked_by": entry.entrant, "asked_at": now} | fields
    if state in ("granted", "refused", "done"):
        fields = {"decided_by": make_user(), "decided_at": now} | fields
    if state in ("granted", "done"):
        fields = {"granted": names, "until": now + timedelta(days=3)} | fields
    if state == "refused":
        fields = {"reason": "Too late."} | fields
    if state in ("done", "over"):
        fields = {"closed_at": now} | fields
    return Correction.objects.create(entry=entry, state=state, **fields)


def make_credits(entry: Entry, *people: Person) -> None:
    """The entry's credits, with what co-authors have answered already."""
    write_credits(entry=entry, people=people, at=timezone.now())


def make_invitation(
    entry: Entry, email: str, *, state: str = "open", user: User | None = None, **fields: Any
) -> CreditInvitation:
    """The question to the person at `email` in the entry's saved credits, and the answer of `user`."""
    now = timezone.now()
    credit = entry.credits.get(email=email)
    if state in ("accepted", "declined"):
        fields = {"user": user or make_user(), "answered_at": now} | fields
    if state == "accepted":
        fields = {"agreed_name": credit.name, "agreed_roles": credit.held} | fields
    row = CreditInvitation(entry=entry, email=email, language="en", by=entry.entrant, state=state)
    signed_letters.want(row, now, timedelta(days=30))
    for name, value in ({"mailed_at": now} | fields).items():
        setattr(row, name, value)
    row.save()
    credit.invitation = row
    credit.save()
    return row


def make_co_author(entry: Entry, user: User, **fields: Any) -> CreditInvitation:
    """A line of the credits more, of somebody who agreed with this account."""
    people = [*people_of(entry), Person(name=user.name, roles=("music",), email=user.email)]
    make_credits(entry, *people)
    return make_invitation(entry, user.email, state="accepted", user=user, **fields)


def make_offer(entry: Entry, email: str, **fields: Any) -> TransferOffer:
    """The entry offered to an address by its entrant."""
    row = TransferOffer(entry=entry, email=email, language="en", by=entry.entrant)
    signed_letters.want(row, timezone.now(), timedelta(days=14))
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def make_team_invitation(edition: Edition, *, by: User, email: str = "", **fields: Any) -> Invitation:
    """Somebody asked to judge, with a letter that went out; its link is `links.token_of(row)`."""
    now = timezone.now()
    usual = {"role": Role.JUDGE, "language": "en", "answer_by": now + timedelta(days=10), "created_at": now}
    row = Invitation(
        edition=edition,
        email=email or f"invited-{next(_count)}@example.org",
        by=by,
        wanted_at=now,
        mailed_at=now,
        letters=1,
        token_hash=links.nowhere(),
        **usual | fields,
    )
    row.save()
    if row.state != "withdrawn":
        row.token_hash = links.hash_of(links.token_of(row))
        row.save()
    return row


def make_rehearsal(edition: Edition, *, by: User, rounds: int = 1, **fields: Any) -> Rehearsal:
    """A finished rehearsal whose contest had so many rounds of scores."""
    films = [Film(hour * 3600.0, 120.0) for hour in range(20)]
    stages: list[dict[str, Any]] = [
        {
            "kind": "arriving",
            "slug": "",
            "seconds": 0.5,
            "cpu": 0.4,
            "row": {
                "refused": {"call_closed": 1},
                "held": {"draft": 1},
                "mended": 0,
                "doubles": 0,
                "states": {"draft": 3},
                "one_by_one": 20,
            },
        }
    ]
    for number in range(rounds):
        row = {
            "slug": f"round-{number}", "name": {"en": f"Round {number}", "zh": f"第{number}轮"}, "gate": "score",
            "refused": "", "why": "", "films": 20, "looks": 40, "asides": 0, "taken": 1, "judges": 2,
            "judge_hours": 3.0, "most_hours": 2.0, "hours": {1: 2.0, 2: 1.0}, "pending": 0, "tied": 0,
            "goes_on": list(range(8)),
        }  # fmt: skip
        stages.append({"kind": "round", "slug": row["slug"], "seconds": 1.0, "cpu": 0.9, "row": row})
    document = report_of_rehearsal(
        facts={"blueprint": "open-call", "edition": "", "entries": 20, "judges": 2, "seed": 1, "opens": ""},
        quality=np.linspace(1, -1, 20),
        pages_quality=np.linspace(1, -1, 20),
        admitted=range(20),
        films=films,
        cuts=[],
        stages=stages,
        round_days={},
        pages=[{"page": "overview", "when": "call", "ms": 212.0, "cpu_ms": 12.0, "status": 200}],
        not_rehearsed=[{"code": "questions", "count": 1}],
        filmed=None,
        workers=2,
        prices=Prices(worker_hour=1.0, currency="CNY"),
        weight=BENCHMARKS,
        seed=1,
    )
    number = 1 + Rehearsal.objects.filter(edition=edition).count()
    now = timezone.now()
    given: dict[str, Any] = {
        "state": "ready", "entries": 20, "judges": 2, "seed": 1, "workers": 2, "report": document, "progress": 100,
        "asked_at": now, "heard_at": now, "ended_at": now,
    }  # fmt: skip
    return Rehearsal.objects.create(edition=edition, number=number, by=by, **given | fields)


def make_fairness_report(edition: Edition, *, by: User, judges: int = 1, **fields: Any) -> FairnessReport:
    """A finished report of an edition in which nothing was judged, of which so many judges are said to be part."""
    results = {
        "edition": {"edition": edition.slug, "name": edition.name, "time_zone": edition.time_zone},
        "made": {"number": 1, "at": "2027-03-01T12:00:00+00:00"},
        "team": {},
        "rounds": [],
        "votes": [],
        "awards": None,
    }
    number = 1 + FairnessReport.objects.filter(edition=edition).count()
    document = report_of(results)
    now = timezone.now()
    given: dict[str, Any] = {
        "state": "ready",
        "document": document,
        "digest": digest(document),
        "people": {
            "judges": {str(one): make_user().pk for one in range(1, judges + 1)},
            "team": {"1": by.pk},
        },
        "key": storages["default"].save(
            "fairness/made.json.gz", ContentFile(gzip.compress(canonical(results)))
        ),
        "asked_at": now,
        "made_at": now,
    }
    return FairnessReport.objects.create(edition=edition, number=number, made_by=by, **given | fields)
