"""A small contest with one of everything, for tests that look at all of it at once."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from festival.awards import objection_keys
from festival.awards.models import (
    AudiencePoll,
    AwardRule,
    AwardSlot,
    Evidence,
    Laureate,
    Objection,
    PublicNotice,
)
from festival.catalogue.models import Film
from festival.edition.actions import add_member
from festival.edition.blueprint import named
from festival.edition.models import Declaration, Edition
from festival.people.actor import actor_of
from festival.people.models import User
from festival.people.roles import Role
from festival.people.token_models import UploadToken
from festival.people.tokens import make_token
from festival.post.models import Mailing, Notice
from festival.premiere import snapshots
from festival.premiere.models import (
    Copy,
    Guest,
    GuestFilm,
    GuestTime,
    Hall,
    Item,
    Opening,
    Rehearsal,
    Screening,
    Venue,
)
from festival.team.models import Invitation
from judging.models import (
    AwardList,
    CalibrationFilm,
    CommentDecision,
    Conflict,
    FairnessReport,
    FeedbackLetter,
    Look,
    Meeting,
    MeetingNote,
    Round,
    Standing,
    Verdict,
    Vote,
)
from judging.models import Rehearsal as ContestRehearsal
from judging.setup import make_edition
from personal.models import Erasure
from submissions.cohorts.links import hash_of
from submissions.cohorts.links import token_of as place_token
from submissions.cohorts.models import CutNote, DeliveryPart, Place
from submissions.links import media_url
from submissions.models import (
    Asset,
    Attachment,
    Code,
    Entry,
    FilmVersion,
    Inspection,
    Match,
    Question,
    SubtitleFile,
    Upload,
)
from submissions.signed_letters import token_of
from submissions.statement.facts import Use
from submissions.statement_actions import write_uses
from tests.factories import (
    make_attachment,
    make_co_author,
    make_code,
    make_fairness_report,
    make_offer,
    make_question,
    make_rehearsal,
    make_subtitles,
    make_team_invitation,
)
from tests.meetings import make_meeting, make_vote
from tests.shows import write_release
from tests.submissions.cohorts.making import (
    Team,
    make_cohort,
    make_delivery,
    make_milestone,
    make_place,
    make_team,
)

# stranger: no account. account: signed in, the mentor of one team, nothing else. rival: an entrant of another film.
# fellow: a judge without a look at this film. outsider: owner of another edition. coauthor: named in the entrant's
# film, and agreed.
PEOPLE = (
    "stranger",
    "account",
    "entrant",
    "rival",
    "judge",
    "fellow",
    "chair",
    "technician",
    "organiser",
    "owner",
    "outsider",
    "coauthor",
)


PROBLEM = {"slots": [], "entries": [], "orders": {}}


@dataclass
class World:
    people: dict[str, User]
    edition: Edition
    draft: Entry
    entry: Entry
    look: Look
    round: Round
    film: Film
    hidden_film: Film
    screening: Screening
    rehearsal: Rehearsal
    streamed: Screening
    opening: Opening
    guest: Guest
    guest_link: GuestFilm
    guest_time: GuestTime
    copy: Copy
    item: Item
    upload: Upload
    inspection: Inspection
    match: Match
    subtitles: SubtitleFile
    attachment: Attachment
    declaration: Declaration
    mailing: Mailing
    letter: Notice
    notice: Notice
    other: Edition
    hall: Hall
    slot: AwardSlot
    award_rule: AwardRule
    laureate: Laureate
    poll: AudiencePoll
    objection: Objection
    by_letter: Objection  # of somebody without an account
    evidence: Evidence
    token: str
    question: Question
    code: Code
    invitation: str
    offer: str
    asked: Invitation
    erasure: Erasure
    conflict: Conflict
    upload_token: UploadToken
    calibration: CalibrationFilm
    given: Look
    meeting: Meeting
    finished: Meeting
    vote: Vote
    said: MeetingNote
    report: FairnessReport
    team: Place
    invited: Place
    delivered: DeliveryPart
    cut_note: CutNote
    coached: Team
    rehearsed: ContestRehearsal

    def arguments(self, name: str) -> dict[str, Any]:
        """The arguments of an address, by the names of its parts."""
        from tests.permission_arguments import ARGUMENTS
        from tests.test_permissions import parts_of

        given = ARGUMENTS.get(name, lambda world: {})(self)
        usual: dict[str, Any] = {
            "slug": self.edition.slug,
            "edition": self.edition.slug,
            "code": self.entry.code,
            "round": self.round.slug,
            "pk": self.look.pk,
        }
        return {part: given.get(part, usual.get(part)) for part in parts_of(name)}


def make_world() -> World:
    now = timezone.now()
    people = {
        who: User.objects.create_user(f"{who}@example.org", "a long password", name=who.title())
        for who in PEOPLE
        if who != "stranger"
    }
    EmailAddress.objects.create(user=people["account"], email="account@example.org", verified=True)
    TOTP.activate(people["rival"], generate_totp_secret())
    RecoveryCodes.activate(people["rival"])
    plan = named("short-film")
    opens = date.today() - timedelta(days=3)
    edition = make_edition(plan=plan, slug="walk", opens=opens, owner=people["owner"], public=True)
    other = make_edition(plan=plan, slug="elsewhere", opens=opens, owner=people["outsider"], public=True)
    key = storages["default"].save("walk/still.jpg", ContentFile(b"a picture"))
    for who in ("judge", "fellow"):
        add_member(edition=edition, user=people[who], role=Role.JUDGE)
    for who, role in (("chair", Role.CHAIR), ("technician", Role.TECHNICIAN), ("organiser", Role.ORGANISER)):
        add_member(edition=edition, user=people[who], role=role)
    track = edition.tracks.get(position=0)

    def entry_of(who: str, state: str, code: str, **more: Any) -> Entry:
        submitted = None if state == "draft" else now
        return Entry.objects.create(
            edition=edition,
            track=track,
            entrant=people[who],
            code=code,
            state=state,
            title=f"Film {code}",
            director="Somebody",
            synopsis={"en": "A synopsis."},
            created_at=now,
            updated_at=now,
            submitted_at=submitted,
            **more,
        )

    draft = entry_of("entrant", "draft", "DRAFT22")
    entry = entry_of("entrant", "eligible", "ENTRY22")
    theirs = entry_of("rival", "eligible", "RIVAL22")
    for one in (draft, entry, theirs):
        write_uses(entry=one, uses=[Use("video", "kling", share=90), Use("music", other="Harp 2")])
    for one in (draft, entry):
        make_co_author(one, people["coauthor"])
    done = Upload.objects.create(
        entry=entry,
        user=people["entrant"],
        filename="film.mp4",
        size=10,
        part_size=10,
        fingerprint="done",
        state="complete",
        created_at=now,
        expires_at=now + timedelta(days=1),
        completed_at=now,
    )
    upload = Upload.objects.create(
        entry=draft,
        user=people["entrant"],
        filename="film.mp4",
        size=10,
        part_size=10,
        fingerprint="open",
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    asset = Asset.objects.create(sha256="0" * 64, size=10, key="originals/none", created_at=now)
    version = FilmVersion.objects.create(
        entry=entry, number=1, upload=done, asset=asset, filename="film.mp4", size=10, created_at=now
    )
    inspection = Inspection.objects.create(
        version=version,
        state="done",
        verdict="pass",
        queued_at=now,
        finished_at=now,
        report={"verdict": "pass", "video": {"duration": 6.0}, "findings": [], "events": []},
        lease_token=uuid.uuid4(),
    )
    rivals = Upload.objects.create(
        entry=theirs,
        user=people["rival"],
        filename="other.mp4",
        size=10,
        part_size=10,
        fingerprint="rival",
        state="complete",
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    their_version = FilmVersion.objects.create(
        entry=theirs, number=1, upload=rivals, filename="other.mp4", size=10, created_at=now
    )
    match = Match.objects.create(
        first=version, second=their_version, kind="picture", share=0.5, ranges=[[1, 3, 2, 4]], found_at=now
    )
    round_ = edition.rounds.get()
    Round.objects.filter(pk=round_.pk).update(state="open", opened_at=now)
    round_.refresh_from_db()
    look = Look.objects.create(round=round_, judge=people["judge"], entry=entry, position=1)
    closed = Round.objects.create(
        edition=edition, slug="closed", name={"en": "First"}, state="closed", opened_at=now, closed_at=now
    )
    seen = Look.objects.create(
        round=closed,
        judge=people["judge"],
        entry=entry,
        position=1,
        state="scored",
        scored_at=now,
        feedback="A brave film.",
    )
    given = FeedbackLetter.objects.create(entry=entry, round=closed, sent_at=now, sent_by=people["organiser"])
    CommentDecision.objects.create(
        look=seen, choice="released", text=seen.feedback, revision=0, by=people["chair"], at=now, letter=given,
        position=1,
    )  # fmt: skip
    standing = Standing.objects.create(
        round=closed,
        method="weighted_mean",
        method_version=1,
        inputs={},
        inputs_digest="0" * 64,
        result_digest="0" * 64,
        made_at=now,
        made_by=people["chair"],
    )
    awards = AwardList.objects.create(
        edition=edition, standing=standing, proposed_at=now, proposed_by=people["organiser"]
    )
    slot = edition.award_slots.first()
    Verdict.objects.create(award_list=awards, slot=slot, place=1, entry=entry)
    version = {
        "problem_digest": "0" * 64,
        "result_digest": "0" * 64,
        "method": "laurels",
        "made_by": people["chair"],
    }
    awards.versions.create(
        number=0,
        method_version=2,
        made_at=now,
        problem=PROBLEM,
        result={"places": [], "passed_over": []},
        **version,
    )
    posted = PublicNotice.objects.create(
        edition=edition, version=1, starts_at=now, ends_at=now + timedelta(days=5), rows=[]
    )
    objection = posted.objections.create(
        code="OBJECT2",
        ground="other",
        text="This is not so.",
        user=people["rival"],
        received_at=now,
        due_at=now + timedelta(days=5),
    )
    by_letter = posted.objections.create(
        code="OBJECT3",
        ground="other",
        text="Nor is that.",
        email="reader@example.org",
        received_at=now,
        due_at=now + timedelta(days=5),
    )
    by_letter.token_hash = objection_keys.hash_of(objection_keys.token_of(by_letter))
    by_letter.save()
    evidence = objection.evidence.create(
        key=storages["default"].save("objections/world", ContentFile(b"%PDF-1.4")),
        filename="proof.pdf",
        size=8,
        kind="application/pdf",
    )
    film = Film.objects.create(
        edition=edition,
        code="FILM222",
        title="Shown",
        seconds=60,
        published_at=now,
        synopsis={"en": "Seen."},
        still=key,
    )
    laureate = slot.laureates.create(film=film, place=1, announced_at=now, code="CERTIFICATE2")
    poll = AudiencePoll.objects.create(
        slot=slot,
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
        by_mail=True,
        by_printed_code=True,
    )
    poll.films.add(film)
    batch = poll.batches.create(number=1, label="Hall", count=1, made_at=now)
    poll.codes.create(batch=batch, serial=1, digest="0" * 64)
    poll.asides.create(kind="network", key="FILM222:1", reason="One hand.", at=now, by=people["organiser"])
    hidden = Film.objects.create(edition=edition, code="FILM333", title="Secret", seconds=60)
    sent_in = Film.objects.create(
        edition=edition, code="FILM444", title="Sent in", seconds=60, source=entry.code
    )
    venue = Venue.objects.create(edition=edition, name={"en": "House"})
    hall = Hall.objects.create(venue=venue, name={"en": "One"}, seats=100)
    screening = Screening.objects.create(
        edition=edition,
        hall=hall,
        code="SCREEN2",
        title={"en": "Opening"},
        starts_at=now,
        ends_at=now + timedelta(minutes=60),
        busy_until=now + timedelta(minutes=80),
        released_at=now,
    )
    item = Item.objects.create(screening=screening, position=1, kind="film", film=film, seconds=60)
    edition.drafts.create(name="Plan A", at=now, document=snapshots.take(edition))
    edition.table_changes.create(kind="whole", at=now, by=people["organiser"])
    edition.catalogue_runs.create(
        entries=[],
        total=0,
        asked_at=now,
        heard_at=now,
        by=people["organiser"],
        refused=[["RIVAL22", "fault"]],
    )
    edition.saved_filters.create(
        owner=people["technician"], name="Late", query="late=yes", shared=True, made_at=now
    )
    edition.bulk_steps.create(
        move="admit", changed=[], at=now, by=people["technician"], undo_until=now + timedelta(hours=9)
    )
    edition.proposals.create(mode="new", wishes={}, asked_at=now, heard_at=now, problem={})
    rehearsal = Rehearsal.objects.create(
        edition=edition,
        hall=hall,
        kind="rehearsal",
        rehearses=screening,
        code="REHEARSE2",
        starts_at=now - timedelta(days=1),
        ends_at=now - timedelta(hours=23),
        busy_until=now - timedelta(hours=23),
    )
    Item.objects.create(screening=screening, position=900, kind="film", film=sent_in, seconds=60)
    streamed = Screening.objects.create(
        edition=edition,
        hall=Hall.objects.create(venue=venue, name={"en": "Online"}, seats=100, online=True),
        code="STREAM2",
        title={"en": "Stream"},
        starts_at=now,
        ends_at=now + timedelta(minutes=60),
        busy_until=now + timedelta(minutes=60),
        released_at=now,
    )
    Item.objects.create(screening=streamed, position=1, kind="film", film=film, seconds=60)
    write_release(edition)
    write_release(edition)
    opening = hall.openings.create(opens_at=now, closes_at=now + timedelta(hours=9))
    guest = edition.guests.create(name={"en": "A guest"})
    guest_link = guest.links.create(film=film, needed=True)
    guest_time = guest.times.create(starts_at=now, ends_at=now + timedelta(hours=9))
    asked = make_co_author(theirs, people["coauthor"])
    mailing = Mailing.objects.create(
        edition=edition,
        state="ready",
        audience="eligible",
        topic="news",
        subject={"en": "On {title}", "zh": "关于{title}"},
        body={"en": "Hello {name}", "zh": "{name}您好"},
        by=people["organiser"],
        written_at=now,
    )
    letter = Notice.objects.create(
        user=people["entrant"], edition=edition, kind="mailing", mailing=mailing, about=entry.code,
        values={"title": entry.title, "code": entry.code}, path=f"/entries/{entry.code}/", created_at=now,
        state="held",
    )  # fmt: skip
    notice = Notice.objects.create(
        user=people["entrant"], edition=edition, kind="film_passed", path="/", created_at=now,
        state="failed", error="550 No",
    )  # fmt: skip
    calibration = CalibrationFilm.objects.create(round=round_, entry=draft, reference={})
    judge = actor_of(people["judge"])
    meeting = make_meeting(edition, members=[judge], films=[theirs], round=closed, opened_at=now)
    closed.films.set([theirs])
    finished = make_meeting(edition, members=[judge], films=[theirs], round=closed, opened_at=now)
    Meeting.objects.filter(pk=finished.pk).update(state="closed", closed_at=now, closed_by=people["chair"])
    said = MeetingNote.objects.create(
        meeting=meeting, author=people["judge"], client_id=uuid.uuid4(), text="A word.", written_at=now
    )
    AwardList.objects.create(
        edition=other, standing=standing, proposed_at=now, proposed_by=people["outsider"], state="announced",
        confirmed_at=now, announced_at=now,
    )  # fmt: skip
    make_fairness_report(other, by=people["outsider"], published_at=now)
    team, invited, delivered, cut_note = _teams(edition, entry, people["organiser"])
    return World(
        team=team,
        invited=invited,
        delivered=delivered,
        cut_note=cut_note,
        report=make_fairness_report(edition, by=people["organiser"]),
        coached=_coached(entry, people),
        rehearsed=make_rehearsal(edition, by=people["organiser"]),
        calibration=calibration,
        given=seen,
        meeting=meeting,
        finished=finished,
        vote=make_vote(meeting, by=people["chair"]),
        said=said,
        people=people,
        edition=edition,
        draft=draft,
        entry=entry,
        look=look,
        round=round_,
        film=film,
        hidden_film=hidden,
        screening=screening,
        rehearsal=rehearsal,
        streamed=streamed,
        opening=opening,
        guest=guest,
        guest_link=guest_link,
        guest_time=guest_time,
        copy=sent_in.copies.create(
            name="V1.mov",
            file_format="prores",
            file_name="V1.mov",
            sha256="0" * 64,
            original=True,
            arrived_at=now,
        ),
        item=item,
        upload=upload,
        inspection=inspection,
        match=match,
        subtitles=make_subtitles(draft),
        attachment=make_attachment(draft),
        declaration=edition.declarations.get(key="music"),
        mailing=mailing,
        letter=letter,
        notice=notice,
        other=other,
        hall=hall,
        slot=slot,
        award_rule=edition.award_rules.create(
            slug="one-a-film", kind="limit", data={"per": "film", "most": 1}, slots=[slot.slug]
        ),
        laureate=laureate,
        poll=poll,
        objection=objection,
        by_letter=by_letter,
        evidence=evidence,
        question=make_question(edition),
        upload_token=make_token(by=actor_of(people["entrant"]), name="Laptop", at=now)[0],
        conflict=Conflict.objects.create(
            edition=edition,
            judge=people["fellow"],
            source="declared",
            kind="person",
            party="Somebody",
            party_key="somebody",
            state="confirmed",
            at=now,
        ),
        token=media_url(actor_of(people["entrant"]), key, name="still.jpg").split("/")[2],
        code=make_code(edition),
        invitation=token_of(asked),
        asked=make_team_invitation(edition, by=people["owner"]),
        offer=token_of(make_offer(draft, "account@example.org")),
        erasure=Erasure.objects.create(
            user=people["rival"], way="own", asked_at=now, hinted_at=now, due_at=now + timedelta(days=7)
        ),
    )


def _coached(entry: Entry, people: dict[str, User]) -> Team:
    """A team that is accompanied, with something handed in for a milestone."""
    team = make_team(entry, mentor=people["account"], by=people["organiser"])
    milestone = make_milestone(team.place.cohort, ("cut", "film", True), ("paper", "document", False))
    make_delivery(team.place, milestone, state="changes", version=entry.versions.first())
    return team


def _teams(edition: Edition, entry: Entry, by: User) -> tuple[Place, Place, DeliveryPart, CutNote]:
    """A cohort in which the entry has a place, with a delivery and a note; and a place that is offered by letter."""
    now = timezone.now()
    cohort = make_cohort(edition, slug="seven", places=9)
    cohort.promises.create(kind="cash", amount=1, unit="CNY")
    team = make_place(cohort, entry)
    milestone = make_milestone(cohort, ("cut", "film", True), ("paper", "document", False))
    part = make_delivery(team, milestone, state="handed_in", version=entry.versions.first())
    note = CutNote.objects.create(part=part, seconds=1, text="Too long", by=by, at=now)
    team.support.create(kind="cash", side="promised", amount=1, unit="CNY", on=now.date(), at=now)
    invited = make_place(cohort, state="offered", email="asked@example.org", name="Asked", language="en")
    Place.objects.filter(pk=invited.pk).update(token_hash=hash_of(place_token(invited)))
    return team, invited, part, note
