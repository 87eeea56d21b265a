"""A person of whom every table knows something: entrant, co-author, judge, organiser; and those around them.

Her address and her name are like no other text, so that they are found wherever they stand.
"""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from festival.awards.models import AudiencePoll, PublicNotice
from festival.catalogue.models import Film
from festival.edition.actions import add_member
from festival.edition.models import Edition
from festival.people.actor import Actor, actor_of
from festival.people.models import User
from festival.people.roles import Role
from festival.people.token_models import UploadToken
from festival.post import news
from festival.post.models import Mailing, Notice
from judging import award_actions, award_steps, looks_actions, rounds_actions
from judging.models import (
    AwardList,
    Ballot,
    BallotLine,
    CalibrationFilm,
    CalibrationScore,
    CommentDecision,
    Conflict,
    FeedbackLetter,
    JudgeDay,
    JudgeProfile,
    Look,
    LookNote,
    MeetingNote,
    MeetingStep,
    Panel,
    Standing,
)
from personal.models import DataExport
from submissions import transfer_actions
from submissions.credit_people import Person
from submissions.event_log import log_event
from submissions.models import (
    Answer,
    Asset,
    CodeMiss,
    Consent,
    CorrectionChange,
    CreditDeclaration,
    Entry,
    FilmPrints,
    FindingRow,
    ImportedRow,
    Inspection,
    Match,
    OnlineShowing,
    PublishedCopy,
    Redemption,
    RepresentativeIdentity,
    StatementFinding,
    TableColumns,
    Upload,
    Waiver,
)
from submissions.statement.facts import Use
from tests.factories import (
    make_attachment,
    make_co_author,
    make_code,
    make_correction,
    make_credits,
    make_declaration,
    make_edition,
    make_entry,
    make_inspection,
    make_invitation,
    make_offer,
    make_question,
    make_round,
    make_subtitles,
    make_team_invitation,
    make_user,
    make_uses,
)
from tests.meetings import make_meeting, make_vote
from tests.personal.team_lives import make_guest_of_teams, make_team
from tests.shows import make_slot

ADDRESS = "zinnober@vermilion.example"
SECOND = "zinnober.second@vermilion.example"
NAME = "Zhūshā Vermilion"
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


@dataclass
class Life:
    """`entries` are hers, by what becomes of them; `others` are people whose addresses must not be in her copy."""

    user: User
    edition: Edition
    elsewhere: Edition
    entries: dict[str, Entry] = field(default_factory=dict)
    theirs: Entry | None = None
    passed_on: Entry | None = None
    judged: Entry | None = None
    others: dict[str, User] = field(default_factory=dict)
    standings: list[Standing] = field(default_factory=list)
    awards: AwardList | None = None
    client: Client | None = None
    film: str = ""  # the code of the laureate in the catalogue

    @property
    def actor(self) -> Actor:
        return actor_of(User.objects.get(pk=self.user.pk))


def stored(text: str, folder: str = "originals") -> tuple[str, str, int]:
    """Some bytes in the storage, as an original would be: SHA-256, key, size."""
    data = text.encode()
    sha256 = hashlib.sha256(data).hexdigest()
    key = f"{folder}/{sha256[:2]}/{sha256}.bin"
    if not storages["default"].exists(key):
        storages["default"].save(key, ContentFile(data))
    return sha256, key, len(data)


def asset_of(text: str) -> Asset:
    sha256, key, size = stored(text)
    row, _made = Asset.objects.get_or_create(
        sha256=sha256, defaults={"size": size, "key": key, "created_at": AT}
    )
    return row


def fill(entry: Entry, *, film: str = "") -> Inspection:
    """Everything that can hang on an entry, with files behind it. `film`: the same bytes as another's."""
    code, user = entry.code, entry.entrant
    inspection = make_inspection(entry, copy_key="", state="done", engine="1")
    version = inspection.version
    version.asset, version.filename = asset_of(film or f"film of {code}"), f"{NAME} – {code}.mp4"
    version.save()
    Upload.objects.filter(pk=version.upload_id).update(filename=version.filename)
    sha256 = version.asset.sha256
    copy = storages["default"].save(f"copies/{sha256}-1.mp4", ContentFile(b"copy"))
    folder = f"inspections/{inspection.pk}/1"
    storages["default"].save(f"{folder}/still.jpg", ContentFile(b"still"))
    Inspection.objects.filter(pk=inspection.pk).update(
        copy_key=copy,
        folder=folder,
        report=inspection.report | {"file": {"tags": {"artist": NAME}}, "events": []},
        glance={"video": {}},
        error=f"{NAME} broke it",
    )
    FindingRow.objects.create(inspection=inspection, rule="black", severity="note")
    FilmPrints.objects.create(version=version, data=b"prints", made_at=AT, hint_at=AT)
    Waiver.objects.create(version=version, rule="black", reason=f"Asked by {ADDRESS}.", by=make_user(), at=AT)
    still = make_attachment(entry, "still", filename=f"{NAME}.jpg", caption={"en": f"{NAME} at work"})
    portrait = make_attachment(entry, "portrait", filename="face.jpg")
    paper = make_attachment(entry, "document", form="pdf", filename="contract.pdf")
    for row in (still, portrait, paper):
        row.asset = asset_of(f"{row.kind} of {code}")
        row.folder = f"pictures/{row.asset.sha256}-1" if row.kind != "document" else ""
        row.save()
        if row.folder:
            storages["default"].save(f"{row.folder}/640.webp", ContentFile(b"small"))
    subtitles = make_subtitles(entry, filename=f"{NAME}.srt")
    subtitles.asset = asset_of(f"subtitles of {code}")
    subtitles.webvtt_key = storages["default"].save(
        f"subtitles/{subtitles.asset.sha256}-1.vtt", ContentFile(b"WEBVTT")
    )
    subtitles.save()
    make_uses(entry, Use("video", "kling", share=90, human=f"{NAME} chose"), Use("music", other="Harp 2"))
    StatementFinding.objects.get_or_create(entry=entry, rule="ai_least", severity="note")
    make_credits(
        entry,
        Person(name=NAME, name_other="朱砂", roles=("director",), email=ADDRESS, country="CN", is_self=True,
               is_representative=True),
        Person(name="Somebody Else", roles=("music",), email=f"nobody-{code.lower()}@elsewhere.example"),
    )  # fmt: skip
    CreditDeclaration.objects.create(
        entry=entry, kind="age", by=user, at=AT, version="1", text="Everybody is old enough.",
        values={"age": 18, "names": [NAME]},
    )  # fmt: skip
    RepresentativeIdentity.objects.create(
        entry=entry, legal_name=f"Legal {code}", document="passport", by=user, at=AT
    )
    make_offer(entry, f"offered-{code.lower()}@elsewhere.example")
    question = entry.edition.questions.first() or make_question(entry.edition)
    Answer.objects.create(
        entry=entry, question=question, wording=question.wording, value=f"Write to {ADDRESS}"
    )
    declaration = entry.edition.declarations.first() or make_declaration(entry.edition)
    Consent.objects.create(
        entry=entry, declaration=declaration, wording=declaration.versions.get(), number=1, answer="agreed",
        by=user, at=AT,
    )  # fmt: skip
    OnlineShowing.objects.create(entry=entry, what="trailer", version=1, by=user, at=AT)
    PublishedCopy.objects.create(
        entry=entry, asset=version.asset, purpose="handoff", propagator="Festival", state="ready", sha256=sha256,
        key=storages["default"].save(f"published/{code}/handoff.mp4", ContentFile(b"published")),
        facts={"label": {"found": NAME}}, created_at=AT, hinted_at=AT,
    )  # fmt: skip
    code_row = make_code(entry.edition, label=f"For {NAME}", uses=9)
    Redemption.objects.create(code=code_row, entry=entry, user=user, at=AT)
    ImportedRow.objects.create(
        edition=entry.edition, key=f"no-{code}", entry=entry, digest="0" * 64, film=f"{NAME}.mov", at=AT
    ) if code.startswith("IMP") else None
    log_event(entry=entry, kind="created", by=actor_of(user), at=AT)
    log_event(
        entry=entry, kind="film_arrived", by=actor_of(user), at=AT, version=1, filename=version.filename
    )
    log_event(entry=entry, kind="credit_accepted", by=actor_of(user), at=AT, name=NAME)
    _correct(entry)
    return inspection


def _correct(entry: Entry) -> None:
    """A correction that was made, and one that still waits for an answer."""
    words = {"message": f"I am {NAME}.", "reason": f"Go on, {NAME}."}
    done = make_correction(entry, state="done", names=["director"], **words)
    event = log_event(entry=entry, kind="corrected", by=actor_of(entry.entrant), at=AT, fields=["director"])
    CorrectionChange.objects.create(
        correction=done, event=event, field="director", before="Somebody", after=NAME
    )
    make_correction(entry, state="asked", message=f"Write to {ADDRESS}, {NAME}.")


def make_life() -> Life:
    """The person, and a contest that has gone all its way."""
    user = make_user(NAME, email=ADDRESS, language="zh-hans")
    confirmed = EmailAddress.objects.create(user=user, email=ADDRESS, verified=True, primary=True)
    EmailAddress.objects.create(user=user, email=SECOND, verified=True)
    EmailConfirmation.objects.create(email_address=confirmed, created=AT, sent=AT, key="k" * 40)
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    owner = make_user("Olga Owner", email="owner@elsewhere.example")
    edition = make_edition("over", owner=owner, reminder_days=[])
    elsewhere = make_edition("elsewhere", owner=owner)
    life = Life(user, edition, elsewhere)
    life.others = {
        who: make_user(who.title(), email=f"{who}@elsewhere.example")
        for who in ("rival", "judge", "friend", "heir")
    } | {"owner": owner}
    _entries(life)
    _contest(life)
    _elsewhere(life)
    _account(life)
    return life


def _entries(life: Life) -> None:
    hers: dict[str, dict[str, Any]] = {
        "draft": {"code": "DRAFT11", "state": "draft"},
        "imported": {"code": "IMPORT1", "state": "draft"},
        "withdrawn": {"code": "WITHDR1", "state": "withdrawn", "submitted_at": AT},
        "refused": {"code": "REFUSE1", "state": "refused"},
        "laureate": {"code": "LAUREA1"},
        "lost": {"code": "LOST111"},
    }
    for key, values in hers.items():
        entry = make_entry(
            life.edition, entrant=life.user, title=f"Film {key}", synopsis={"en": f"{key} by {NAME}"},
            director=NAME, showings=f"Shown by {NAME}", ai_statement=f"{NAME} used Kling.", **values,
        )  # fmt: skip
        life.entries[key] = entry
        fill(entry)
    log_event(entry=life.entries["refused"], kind="refuse", by=actor_of(life.others["owner"]), at=AT,
              reason=f"{NAME}, the film is a copy.")  # fmt: skip
    make_co_author(life.entries["laureate"], life.others["friend"])
    make_co_author(life.entries["lost"], life.others["friend"])
    for key in ("draft", "withdrawn", "laureate", "lost"):
        make_team(life.entries[key], NAME, ADDRESS, life.others["owner"], AT, asset_of(f"paper of {key}"))


def _contest(life: Life) -> None:
    """A jury, a standing, an award list, told and announced; the laureate in the catalogue."""
    edition, owner = life.edition, actor_of(life.others["owner"])
    rival = make_entry(edition, entrant=life.others["rival"], title="The rival’s", code="RIVAL11")
    make_inspection(rival)
    first = FilmPrints.objects.get(version__entry=life.entries["lost"]).version
    Match.objects.create(
        first=first, second=rival.versions.get(), kind="picture", share=0.5, found_at=AT, state="confirmed",
        at=AT, by=life.others["owner"], reason=f"{ADDRESS} says so.",
    )  # fmt: skip
    judge = actor_of(life.others["judge"])
    add_member(edition=edition, user=life.others["judge"], role=Role.JUDGE)
    make_slot(edition, "grand", tier="grand")
    round = make_round(edition, "jury", looks_per_film=1)
    entries = [life.entries["laureate"], life.entries["lost"], rival]
    rounds_actions.open_round(round=round, by=owner, at=AT, entries=entries, seed=1)
    for look in Look.objects.filter(round=round).select_related("round", "entry"):
        score(
            look,
            judge,
            9 if look.entry.code == "LAUREA1" else 5,
            comment=f"{NAME} again" if look.entry.entrant_id == life.user.pk else "",
        )
    standing = rounds_actions.close_round(round=round, by=owner, at=AT)
    life.standings.append(standing)
    award_list = award_actions.propose(edition=standing.round.edition, by=owner, at=AT)
    award_actions.confirm(award_list=award_list, by=owner, at=AT)
    award_steps.tell_entrants(award_list=award_list, by=owner, at=AT)
    award_steps.announce(award_list=award_list, by=owner, at=AT)
    life.awards = award_list
    _given(life, Look.objects.get(round=round, entry=life.entries["laureate"]), f"Good, {NAME}.")
    award_list.withdrawals.create(
        entry=life.entries["lost"], reason={"en": f"As {NAME} wrote to us."}, at=AT, by=owner.user
    )
    posted = PublicNotice.objects.create(
        edition=edition, version=1, starts_at=AT, ends_at=AT + timedelta(days=5)
    )
    objection = posted.objections.create(
        code="OBJECT1", ground="other", text=f"I am {NAME}, {ADDRESS}.", name=NAME, contact=ADDRESS, user=life.user,
        received_at=AT, due_at=AT + timedelta(days=5),
    )  # fmt: skip
    objection.evidence.create(key="objections/1", filename=f"{NAME}.pdf", size=9, kind="application/pdf")
    objection.steps.create(kind="answer", at=AT, by=life.user, text=f"{NAME} answers.")
    by_letter = posted.objections.create(
        code="OBJECT4", ground="other", text=f"I am {NAME}.", name=NAME, contact=ADDRESS, email=ADDRESS,
        received_at=AT, due_at=AT + timedelta(days=5),
    )  # fmt: skip
    by_letter.letters.create(kind="objection_received", due_at=AT, mailed_at=AT)
    unsure = posted.objections.create(
        code="OBJECT5", ground="other", text=f"{NAME} here.", name=NAME, email=ADDRESS, state="sent"
    )
    unsure.letters.create(kind="objection_confirm", due_at=AT)
    life.film = Film.objects.get(edition=edition, source="LAUREA1").code
    _in_the_audience(life, Film.objects.get(edition=edition, source="LAUREA1"))
    for entry in life.entries.values():
        entry.refresh_from_db()


def _given(life: Life, look: Look, text: str) -> None:
    """What the jury wrote of a film was released, and sent with the letter."""
    owner = life.others["owner"]
    letter = FeedbackLetter.objects.create(
        entry=look.entry,
        round=look.round,
        films=3,
        band=10,
        bands=[10],
        report=True,
        sent_at=AT,
        sent_by=owner,
    )
    CommentDecision.objects.create(
        look=look, choice="edited", text=text, reason=f"As {NAME} asked.", revision=0, by=owner, at=AT,
        letter=letter, position=1,
    )  # fmt: skip


def score(look: Look, judge: Actor, value: int, comment: str = "") -> None:
    judge = actor_of(User.objects.get(pk=judge.id))
    scores = {"story": Decimal(value), "craft": Decimal(value)}
    kept = looks_actions.save_scores(
        look=look, by=judge, at=AT, revision=look.revision, scores=scores, comment=comment, watched=9
    )
    looks_actions.finish_look(look=look, by=judge, at=AT, revision=kept.revision)


def _in_the_audience(life: Life, film: Film) -> None:
    """She voted, asked for a code by mail, and organised the vote."""
    edition = film.edition
    poll = AudiencePoll.objects.create(
        slot=make_slot(edition, "audience-vote"), opens_at=AT, closes_at=AT + timedelta(days=5), by_mail=True
    )
    ballot = poll.ballots.create(user=life.user, holder="h", cast_at=AT, voted_at=AT)
    ballot.chosen.create(film=film)
    poll.codes.create(digest="d", holder="c", email=ADDRESS, wanted_at=AT)
    poll.asides.create(kind="burst", key="F:1-2", reason=f"{ADDRESS} wrote so.", at=AT, by=life.user)
    poll.results.create(
        number=1,
        method_version=1,
        inputs_digest="0",
        result_digest="0",
        ballots=1,
        made_at=AT,
        made_by=life.user,
    )
    poll.steps.create(kind="aside", values={"reason": f"{ADDRESS} wrote so."}, at=AT, by=life.user)


def _on_the_jury(life: Life) -> None:
    """What a judge leaves beside her looks."""
    edition, user = life.elsewhere, life.user
    profile = JudgeProfile.objects.create(
        edition=edition, user=user, languages="zh, en", minutes_per_day=90, updated_at=AT, updated_by=user
    )
    profile.tracks.set(edition.tracks.all())
    JudgeDay.objects.create(profile=profile, day=AT.date(), minutes=0)
    Conflict.objects.create(
        edition=edition, judge=user, source="declared", kind="person", party="Cousin Ada", party_key="ada cousin",
        state="confirmed", reason=f"{NAME} says so.", by=user, at=AT,
    )  # fmt: skip
    voting = make_round(edition, "vote", gate="ballot", opened_at=AT, position=1)
    ballot = Ballot.objects.create(round=voting, juror=user, revision=1, cast_at=AT)
    BallotLine.objects.create(ballot=ballot, entry=life.theirs, value=1)
    panel = Panel.objects.create(
        round=make_round(edition, "panels", gate="panel", position=2), name={"en": "One"}
    )
    panel.judges.add(user)
    voting.jury.add(user)
    meeting = make_meeting(edition, members=[actor_of(user)], films=[life.theirs], opened_at=AT)
    MeetingNote.objects.create(
        meeting=meeting,
        entry=life.theirs,
        author=user,
        client_id=uuid4(),
        text=f"Says {NAME}.",
        written_at=AT,
    )
    MeetingStep.objects.create(meeting=meeting, kind="aside", entry=life.theirs, by=user, at=AT)
    vote = make_vote(meeting, by=user)
    ballot = Ballot.objects.create(vote=vote, juror=user, revision=1, cast_at=AT)
    BallotLine.objects.create(ballot=ballot, entry=life.theirs, value=1)
    motion = make_vote(meeting, by=user, kind="motion", motion="other")
    Ballot.objects.create(vote=motion, juror=user, revision=1, answer="yes", cast_at=AT)


def _elsewhere(life: Life) -> None:
    """Where she judges, is named by others, and gave an entry away."""
    edition, owner = life.elsewhere, actor_of(life.others["owner"])
    life.theirs = make_entry(edition, entrant=life.others["rival"], title="Theirs", code="THEIRS1")
    make_inspection(life.theirs)
    life.judged = life.theirs
    add_member(edition=edition, user=life.user, role=Role.JUDGE)
    round = make_round(edition, "jury", looks_per_film=1)
    rounds_actions.open_round(round=round, by=owner, at=AT, entries=[life.theirs], seed=1)
    look = Look.objects.select_related("round").get(round=round)
    score(look, actor_of(life.user), 7, comment=f"I am {NAME}.")
    for number, jury in enumerate((False, True)):
        LookNote.objects.create(
            look=look,
            client_id=uuid.UUID(int=number),
            seconds=number,
            text=f"Noted by {NAME}.",
            for_jury=jury,
            written_at=AT,
        )
    trial = CalibrationFilm.objects.create(round=round, entry=life.theirs, reference={"story": "5"})
    CalibrationScore.objects.create(film=trial, judge=life.user, values={"story": "7"}, at=AT)
    life.standings.append(rounds_actions.close_round(round=round, by=owner, at=AT))
    _given(life, look, f"Yours, {NAME}.")
    make_guest_of_teams(edition, life.theirs, life.user, NAME, SECOND, AT)
    _on_the_jury(life)
    add_member(edition=edition, user=life.user, role=Role.ORGANISER)

    named = make_entry(
        life.edition, state="draft", entrant=life.others["rival"], title="Named", code="NAMED11"
    )
    make_co_author(named, life.user)
    CreditDeclaration.objects.create(
        entry=named,
        kind="age",
        email=ADDRESS,
        by=life.user,
        at=AT,
        version="1",
        text="I am.",
        values={"age": 18},
    )
    log_event(entry=named, kind="credit_accepted", by=actor_of(life.user), at=AT, name=NAME)
    Notice.objects.create(
        user=life.others["rival"], edition=life.edition, kind="credit_accepted", path="/entries/NAMED11/",
        created_at=AT, values={"title": "Named", "code": "NAMED11", "person": NAME}, state="sent", mailed_at=AT,
    )  # fmt: skip
    asked = make_entry(
        life.edition, state="draft", entrant=life.others["rival"], title="Asked", code="ASKED11"
    )
    make_credits(asked, Person(name=NAME, roles=("sound",), email=SECOND))
    make_invitation(asked, SECOND)
    make_offer(asked, SECOND)

    life.passed_on = make_entry(
        life.edition, state="draft", entrant=life.user, title="Passed", code="PASSED1"
    )
    EmailAddress.objects.create(user=life.others["heir"], email="heir@elsewhere.example", verified=True)
    offer = make_offer(life.passed_on, "heir@elsewhere.example")
    transfer_actions.accept(offer=offer, by=actor_of(life.others["heir"]), at=timezone.now())


def _account(life: Life) -> None:
    user, edition = life.user, life.edition
    make_code(edition, email=ADDRESS, label=f"For {ADDRESS}")
    CodeMiss.objects.create(user=user, at=AT)
    UploadToken.objects.create(
        user=user, name=f"{NAME} at home", digest="d" * 64, password_mark="m", created_at=AT,
        expires_at=AT + timedelta(days=30),
    )  # fmt: skip
    edition.saved_filters.create(owner=user, name=f"{NAME}: late", query="late=yes", shared=True, made_at=AT)
    TableColumns.objects.create(user=user, columns=["director"], chosen_at=AT)
    for state in ("open", "declined"):
        make_team_invitation(
            edition, email=ADDRESS, name=NAME, role="technician", message=f"Dear {NAME}", by=life.others["owner"],
            state=state, **({"answered_at": AT, "words": f"{NAME} is away"} if state == "declined" else {}),
        )  # fmt: skip
    make_team_invitation(
        edition,
        email="x@elsewhere.example",
        by=life.others["owner"],
        state="accepted",
        user=user,
        answered_at=AT,
    )
    make_team_invitation(edition, by=user)
    news.refuse_news(user=user, edition=edition, at=AT)
    owner = life.others["owner"]
    mailing = Mailing.objects.create(
        edition=edition, state="done", audience="entrants", topic="news", subject={"en": "News", "zh": "消息"},
        body={"en": "Hello {name}", "zh": "{name}您好"}, by=owner, written_at=AT, started_by=owner, started_at=AT,
        ended_at=AT,
    )  # fmt: skip
    for state in ("sent", "struck"):
        Notice.objects.create(
            user=user, edition=edition, kind="mailing", mailing=mailing, about="" if state == "sent" else "X",
            path="/", created_at=AT, state=state, mailed_at=AT if state == "sent" else None, address=ADDRESS,
        )  # fmt: skip
    Notice.objects.create(
        user=user, edition=edition, kind="film_passed", path="/", created_at=AT, state="sent", mailed_at=AT,
        address=ADDRESS, values={"title": "Film", "code": "LOST111"},
    )  # fmt: skip
    _sha, key, size = stored("an earlier copy", "exports")
    DataExport.objects.create(
        user=user, state="ready", asked_at=AT, hinted_at=AT, ready_at=AT, expires_at=AT + timedelta(days=7),
        told_at=AT, key=key, size=size,
    )  # fmt: skip
    life.client = Client()
    life.client.force_login(user)
