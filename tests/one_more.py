"""One more of everything that a page could list, in the world of `tests.world`."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from festival.awards.models import AudiencePoll, PublicNotice
from festival.catalogue.models import Film
from festival.edition.actions import add_member
from festival.edition.models import DeadlineExtension, Track
from festival.people.actor import SYSTEM, actor_of
from festival.people.models import User
from festival.people.roles import Role
from festival.people.tokens import make_token
from festival.post.models import Mailing, Notice, Template
from festival.premiere import snapshots
from festival.premiere.models import Item, Rehearsal, Screening, Travel, Venue
from judging import vote_actions
from judging.models import (
    AgendaItem,
    Ballot,
    CommentDecision,
    Conflict,
    Cut,
    CutRow,
    FeedbackChange,
    JudgeProfile,
    Look,
    LookNote,
    MeetingFilm,
    MeetingMember,
    MeetingNote,
    MeetingStep,
    Panel,
    Round,
    RoundChange,
    Standing,
    StandingRow,
    Verdict,
)
from submissions.cohorts.models import CutNote, Mentor, Session
from submissions.models import Asset, Consent, Entry, Event, FilmVersion, Upload
from submissions.question_actions import save_answers
from submissions.statement.facts import Use
from tests.factories import (
    make_attachment,
    make_call,
    make_co_author,
    make_code,
    make_correction,
    make_declaration,
    make_edition,
    make_entry,
    make_fairness_report,
    make_inspection,
    make_question,
    make_rehearsal,
    make_round,
    make_subtitles,
    make_team_invitation,
    make_user,
    make_uses,
)
from tests.meetings import make_meeting, make_vote
from tests.shows import make_film, make_hall, make_slot, write_release
from tests.submissions.cohorts.making import (
    make_cohort,
    make_delivery,
    make_interview,
    make_item,
    make_milestone,
    make_place,
)
from tests.world import World


# Pages with a list on them, and who reads them.
def make_rounds_more(world: World, entry: Entry, other: User) -> None:
    """One more on the pages of rounds, judges and conflicts."""
    now, edition, judge = timezone.now(), world.edition, world.people["judge"]
    closed = Round.objects.get(edition=edition, slug="closed")
    closed.films.add(entry)
    cut, _made = Cut.objects.get_or_create(
        round=closed, standing=closed.standing, kind="count", value=9, decided_by="official", method="m",
        method_version=1, standing_digest="0", set_aside_at=None,
        defaults={"made_at": now, "made_by": world.people["chair"]},
    )  # fmt: skip
    CutRow.objects.create(cut=cut, entry=entry, reason="added_by_chair", why="Bold.", by=other, at=now)
    for user in (judge, other):
        profile, _made = JudgeProfile.objects.get_or_create(
            edition=edition, user=user, defaults={"minutes_per_day": 60, "updated_at": now}
        )
        profile.tracks.set(edition.tracks.all())
        profile.days.get_or_create(day=now.date() + timedelta(days=profile.days.count()), minutes=5)
        Conflict.objects.create(
            edition=edition, judge=user, source="declared", kind="person", party="Somebody",
            party_key=f"somebody {entry.pk}", state="confirmed", at=now, by=other, decided_by=other,
        )  # fmt: skip
    Panel.objects.create(round=world.round, name={"en": "More"}).judges.add(other)
    RoundChange.objects.create(
        round=world.round, what="quorum", before=1, after=2, reason="So.", by=other, at=now
    )


def _more_of_teams(world: World, entry: Entry) -> None:
    """Another team, another milestone, and more of everything in the world's own team."""
    now, cohort, by = timezone.now(), world.team.cohort, world.people["organiser"]
    make_place(cohort, email=f"{entry.code}@example.org", state="waiting")
    over = make_place(cohort, email=f"over-{entry.code}@example.org", state="declined")
    make_place(cohort, email=f"new-{entry.code}@example.org", state="offered", instead_of=over)
    make_milestone(cohort, ("words", "text", True), grant=5, grant_unit="CNY")
    make_place(make_cohort(world.edition), world.entry)
    milestone = world.delivered.delivery.milestone
    for place in (world.team, make_place(cohort, entry)):
        make_delivery(place, milestone, state="changes")
        part = make_delivery(place, milestone, state="changes")
        part.delivery.parts.create(
            deliverable=milestone.deliverables.get(slug="paper"),
            attachment=make_attachment(place.entry, "delivery", form="pdf"),
        )
        note = CutNote.objects.create(part=part, seconds=2, text="Here", by=by, at=now)
        CutNote.objects.create(part=part, text="Yes", answers=note, by=place.entry.entrant, at=now)
        place.extensions.create(milestone=milestone, until=now, reason="Ill", by=by, at=now)
        place.time_requests.create(
            milestone=make_milestone(cohort, ("text", "text", True)), until=now, message="Ill", by=by, at=now
        )
        for side in ("promised", "given"):
            place.support.create(
                kind="credits",
                side=side,
                amount=5,
                unit=f"u{place.support.count()}",
                on=now.date(),
                by=by,
                at=now,
            )
    left = make_place(cohort, state="left", answered_at=now)
    left.support.create(kind="cash", side="promised", amount=5, unit="CNY", on=now.date(), at=now)
    world.edition.cohorts.get(slug="seven").promises.create(kind="traffic", amount=1, unit="impressions")


def make_mentoring_more(world: World, entry: Entry, other: User) -> None:
    """Another team with a mentor and an interview; more of everything of the one that is looked at."""
    place, now, mentor = world.coached.place, timezone.now(), world.people["account"]
    team = make_place(place.cohort, entry)
    make_cohort(world.edition, source="reading")
    hours = 10 + 2 * place.cohort.interviews.count()
    make_interview(place.cohort, other, mentor, hours=hours, place=team)
    make_interview(place.cohort, other, hours=hours + 1)
    place.cohort.interviews.get(pk=world.coached.slot.pk).interviewers.add(mentor, other)
    make_milestone(place.cohort, ("words", "text", True))
    milestone = place.cohort.milestones.get(slug="milestone-1")
    place.extensions.create(milestone=milestone, until=now, reason="Ill", by=other, at=now)
    part = make_delivery(place, milestone, state="changes")
    part.delivery.parts.create(
        deliverable=milestone.deliverables.get(slug="paper"),
        attachment=make_attachment(place.entry, "delivery", form="pdf"),
    )
    note = CutNote.objects.create(part=part, seconds=2, text="Here", by=other, at=now)
    CutNote.objects.create(part=part, text="Yes", answers=note, by=mentor, at=now)
    for one in (place, team):
        for user in (mentor, other):
            Mentor.objects.get_or_create(place=one, user=user, defaults={"added_at": now})
        session = Session.objects.create(place=one, held_at=now, notes="More.", by=other, at=now)
        make_item(one, by=other, session=session)
        make_item(one, by=other, done_at=now)


def one_more(world: World) -> None:
    """One more of everything that a page lists, all belonging to the world's people."""
    now, edition, people = timezone.now(), world.edition, world.people
    entrant, judge = people["entrant"], people["judge"]
    entry = make_entry(edition, entrant=entrant, synopsis={"en": "More."})
    draft = make_entry(edition, state="draft", entrant=entrant)
    for one in (entry, draft, world.draft, world.entry):
        lines = [row.as_use for row in one.tool_uses.all()]
        make_uses(one, *lines, Use("voice", "elevenlabs"), Use("music", other=f"Harp {len(lines)}"))
        make_co_author(one, make_user())
    for state in ("queued", "running", "failed", "done"):
        lease = {"lease_token": world.upload.pk, "lease_until": now} if state == "running" else {}
        make_inspection(make_entry(edition, state="submitted", entrant=entrant), state=state, **lease)
    _more_of_teams(world, entry)
    asset = Asset.objects.get(sha256="0" * 64)
    for one in (entry, world.entry):
        inspection = make_inspection(one)
        FilmVersion.objects.filter(pk=inspection.version_id).update(asset=asset)  # the same file for both
        make_subtitles(one, f"x{one.subtitle_files.count()}")
        make_attachment(one)
        make_attachment(one, "evidence", form="pdf", filename="prompts.pdf")
        Event.objects.create(entry=one, kind="admit", actor=judge, at=now)
    edition.saved_filters.create(
        owner=people["technician"], name=f"Filter {entry.pk}", query="state=submitted&finding=black",
        shared=True, made_at=now,
    )  # fmt: skip
    step = edition.bulk_steps.last()
    step.changed = [*step.changed, [entry.pk, "submitted", 0, 0]]
    step.save()
    declaration = make_declaration(
        edition, f"Oath {edition.declarations.count()}", key=f"o{draft.pk}", document="may"
    )
    for one in (world.draft, world.entry):
        make_attachment(one)
        make_attachment(one, "rights", form="pdf", declaration=declaration)
        Consent.objects.create(
            entry=one, declaration=declaration, wording=declaration.versions.get(), number=1, answer="agreed",
            by=entrant, at=now,
        )  # fmt: skip
    make_token(by=actor_of(entrant), name="More", at=now)
    Upload.objects.create(
        entry=world.draft,
        user=entrant,
        filename="more.mp4",
        size=10,
        part_size=10,
        fingerprint=str(Upload.objects.count()),
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    make_corrections(world)
    for state in ("waiting", "failed"):
        Notice.objects.create(
            user=make_user(), edition=edition, kind="film_passed", path="/", created_at=now, state=state, error="550"
        )  # fmt: skip
    make_letters(world)
    run = edition.catalogue_runs.last()
    run.refused.append([entry.code, "fault"])
    run.save()
    edition.catalogue_runs.create(
        state="done", entries=[], total=0, asked_at=now, heard_at=now, ended_at=now, by=make_user()
    )
    world.round.films.add(entry)
    Look.objects.create(round=world.round, judge=judge, entry=entry, position=Look.objects.count() + 1)
    other = make_user()
    add_member(edition=edition, user=other, role=Role.JUDGE)
    Look.objects.create(
        round=world.round, judge=other, entry=entry, position=1, state="recused", reason="Friends."
    )
    closed = Round.objects.get(edition=edition, slug="closed")
    Look.objects.create(
        round=closed, judge=other, entry=entry, position=1, state="scored", scored_at=now, comment="Fine."
    )
    make_rounds_more(world, entry, other)
    make_mentoring_more(world, entry, other)
    make_meetings_more(world, entry, other)
    make_feedback_more(world, entry, other)
    make_team_invitation(edition, by=make_user(), user=make_user(), state="accepted", answered_at=now)
    make_team_invitation(edition, by=make_user())
    number = edition.rounds.count()
    make_round(edition, f"later-{number}", position=number)
    StandingRow.objects.create(standing=Standing.objects.get(), entry=entry, rank=1, mean=7, looks=1)
    film = make_film(edition, published_at=now)
    more_of_the_audience(world, film)
    place = edition.award_slots.first()
    more = make_slot(
        edition, f"more-{number}", combines=[place.slug], require=[{"attribute": "year", "is": 2026}]
    )
    edition.award_rules.create(
        slug=more.slug,
        kind="limit",
        data={"per": "team", "most": 1},
        slots=[more.slug, place.slug],
        position=number,
    )
    why = {"code": "best", "rank": 1, "equal": [entry.code], "tied": True}
    edition.award_list.steps.create(kind="told", version=1, at=now, by=other)
    for where in (edition, world.other):
        make_fairness_report(where, by=make_user(), judges=3)
    make_rehearsal(edition, by=make_user(), rounds=3)
    objection = world.objection
    objection.steps.create(kind="note", at=now, by=other, text="Seen.")
    objection.evidence.create(key=f"more/{entry.pk}", filename="more.pdf", size=1, kind="application/pdf")
    notice = objection.notice
    notice.rows = [
        *notice.rows,
        {
            "slot": place.slug,
            "award": place.name,
            "tier": place.tier,
            "place": 1,
            "share": 0,
            "film": entry.code,
            "title": entry.title,
            "title_en": "",
            "makers": "",
        },
    ]
    notice.save()
    notice.objections.create(
        code=f"O{entry.pk:06}",
        ground="other",
        text="More.",
        user=people["rival"],
        received_at=now,
        due_at=now,
    )
    notice.objections.create(
        code=f"D{entry.pk:06}",
        ground="other",
        text="More.",
        email=f"reader{entry.pk}@example.org",
        received_at=now,
        due_at=now,
        state="dismissed",
        decided_at=now,
        decided_by=other,
        decision="No.",
        public={"en": "It is not so.", "zh": "情况不属实。"},
    )
    for kind in ("question", "answer"):
        objection.steps.create(kind=kind, at=now, by=other, text="Which?")
    PublicNotice.objects.create(
        edition=edition,
        version=0,
        starts_at=now - timedelta(days=9),
        ends_at=now,
        taken_down_at=now,
        taken_down_reason={"en": "It was wrong.", "zh": "名单有误。"},
    )
    Verdict.objects.create(
        award_list=edition.award_list,
        slot=make_slot(edition, f"s{place.pk}-{film.pk}"),
        place=1,
        entry=entry,
        why=why,
    )
    screening = Screening.objects.create(
        edition=edition,
        hall=make_hall(edition),
        code=f"X{film.pk:06}",
        title={"en": "More"},
        starts_at=now + timedelta(hours=1),
        ends_at=now + timedelta(hours=2),
        busy_until=now + timedelta(hours=2),
        released_at=now,
    )
    Item.objects.create(screening=screening, position=1, kind="film", film=film, seconds=60)
    Item.objects.create(screening=world.screening, position=1 + film.pk, kind="film", film=film, seconds=60)
    Item.objects.create(screening=screening, position=2, kind="film", film=world.film, seconds=60)
    write_release(edition)
    edition.proposals.create(
        mode="new", state="failed", wishes={}, asked_at=now - timedelta(days=1), heard_at=now, problem={}
    )
    edition.table_changes.create(kind="whole", at=now, by=other)
    edition.drafts.create(name=f"Plan {film.pk}", at=now, document=snapshots.take(edition))
    hall = make_hall(edition)
    ways = Venue.objects.filter(edition=edition).order_by("pk")[:2]
    Travel.objects.get_or_create(first=ways[0], second=ways[1], defaults={"minutes": 5})
    for place in (hall, world.hall):
        start = now + timedelta(days=film.pk)
        place.openings.create(opens_at=start, closes_at=start + timedelta(hours=9))
    for booked, code in ((screening, "R"), (world.screening, "W")):
        start = booked.starts_at - timedelta(days=2, minutes=film.pk)
        Rehearsal.objects.create(
            edition=edition,
            hall=booked.hall,
            kind="rehearsal",
            rehearses=booked,
            code=f"{code}{film.pk:06}",
            starts_at=start,
            ends_at=start + timedelta(seconds=30),
            busy_until=start + timedelta(seconds=30),
        )
    for shown in (film, world.film):
        known = {"file_name": f"{film.pk}.mov", "sha256": f"{film.pk:064}", "file_format": "prores"}
        made = shown.copies.create(name=f"{film.pk}.mov", arrived_at=now, **known)
        for copy in (made, world.copy):
            copy.checks.create(screening=world.screening, at=now, by=other, sha256=copy.sha256, whole=True)
    guest = edition.guests.create(name={"en": "More"})
    for one in (guest, world.guest):
        one.links.create(film=film, needed=True)
        one.times.create(starts_at=now + timedelta(days=film.pk), ends_at=now + timedelta(days=film.pk + 1))
    Item.objects.create(screening=world.screening, position=1000 + film.pk, kind="qa", seconds=60)
    Item.objects.create(screening=world.streamed, position=1 + film.pk, kind="film", film=film, seconds=60)
    world.streamed.seats.create(key_hash=str(film.pk), taken_at=now)
    make_slot(edition, f"laurel-{film.pk}").laureates.create(film=world.film, place=1, announced_at=now)
    make_call(make_edition())
    track = Track.objects.create(edition=edition, slug=f"more-{number}", name={"en": "More"}, most_entries=5)
    make_code(edition, "late", track=track)
    make_code(edition, track=track)
    DeadlineExtension.objects.create(
        edition=edition, track=track, before=now, until=now + timedelta(days=1), at=now, by=people["owner"]
    )


def more_of_the_audience(world: World, film: Film) -> None:
    """One more vote of the audience, and in the one that is open: film, ballot, batch, code, step."""
    now, poll = timezone.now(), world.poll
    AudiencePoll.objects.create(
        slot=make_slot(world.edition, f"vote-{film.pk}"), opens_at=now, closes_at=now + timedelta(days=1)
    )
    poll.films.add(film)
    user = make_user() if poll.ballots.exists() else world.people["account"]
    poll.ballots.create(user=user, cast_at=now, voted_at=now).chosen.create(film=film)
    batch = poll.batches.first()
    batch.count += 1
    batch.save()
    poll.codes.create(batch=batch, serial=batch.count, digest=str(batch.count))
    poll.batches.create(number=poll.batches.count() + 1, label="Hall", count=1, made_at=now)
    poll.steps.create(kind="changed", at=now, by=user)


def make_feedback_more(world: World, entry: Entry, other: User) -> None:
    """One more comment to decide, of the judge's too; one more in the letter; one more change of what is given."""
    now = timezone.now()
    closed = Round.objects.get(edition=world.edition, slug="closed")
    words = {"round": closed, "state": "scored", "scored_at": now, "feedback": "A word."}
    for judge in (world.people["judge"], make_user("Somebody")):
        Look.objects.create(judge=judge, entry=entry, position=9, **words)
    given = CommentDecision.objects.count() + 1
    CommentDecision.objects.create(
        look=Look.objects.create(judge=other, entry=world.entry, position=9, **words),
        choice="edited",
        text="word",
        revision=0,
        by=other,
        at=now,
        letter=world.entry.feedback_letter,
        position=given,
    )
    FeedbackChange.objects.create(
        edition=world.edition,
        before={"bands": [], "comments": True, "report": True},
        after={"bands": [10], "comments": True, "report": True},
        reason="More.",
        by=other,
        at=now,
    )


def make_meetings_more(world: World, entry: Entry, other: User) -> None:
    """One more meeting; of each there is: member, film, word, step, vote with a ballot, look at the film."""
    now, judge = timezone.now(), world.people["judge"]
    theirs = Entry.objects.get(code="RIVAL22")
    closed = Round.objects.get(edition=world.edition, slug="closed")
    make_meeting(world.edition, members=[actor_of(judge)], films=[entry], round=closed, opened_at=now)
    look = Look.objects.create(
        round=closed, judge=other, entry=theirs, position=2, state="scored", scored_at=now, comment="Fine."
    )
    LookNote.objects.create(
        look=look, client_id=uuid4(), seconds=1, text="Here.", for_jury=True, written_at=now
    )
    for meeting in (world.meeting, world.finished):
        MeetingMember.objects.create(meeting=meeting, user=other, first_seen_at=now, last_seen_at=now)
        place = meeting.films.count() + 1
        MeetingFilm.objects.create(meeting=meeting, entry=entry, position=place, began=place)
        AgendaItem.objects.create(meeting=meeting, position=place, title="More")
        for about in (None, entry, theirs):
            MeetingNote.objects.create(
                meeting=meeting, entry=about, author=other, client_id=uuid4(), text="A word.", written_at=now
            )
        MeetingStep.objects.create(meeting=meeting, kind="table", entry=entry, by=other, at=now)
        vote = make_vote(meeting, by=other)
        Ballot.objects.create(vote=vote, juror=other, revision=1, cast_at=now)
        if meeting == world.finished:
            vote_actions.close_vote(vote=vote, by=SYSTEM, at=now)
    Ballot.objects.create(vote=world.vote, juror=other, revision=1, cast_at=now)
    # Nobody comes in while pages are counted, however long that takes.
    MeetingMember.objects.update(first_seen_at=now, last_seen_at=now + timedelta(hours=1))


def make_corrections(world: World) -> None:
    """One more that is over, with what it changed, of the entry with one that is open; and one of another entry."""
    now, edition, entry = timezone.now(), world.edition, world.entry
    asked = make_question(edition)
    name = f"q{asked.pk}"
    save_answers(entry=entry, values={asked.pk: "So."})
    if not entry.corrections.filter(state="granted").exists():
        make_correction(entry, names=["title", "uses", "credits", name, "file_still"])
    over = make_correction(entry, state="done", names=["title", name, "credits"])
    event = Event.objects.create(
        entry=entry, kind="corrected", actor=entry.entrant, at=now, values={"fields": ["title", name]}
    )
    answer = {"kind": "line", "text": {"en": "Why?"}, "value": "So."}
    for field, before, after in (("title", "Lamp", "Lamps"), (name, None, answer)):
        over.changes.create(event=event, field=field, before=before, after=after)
    make_correction(make_entry(edition), state="asked", names=["title", name])


def make_letters(world: World) -> None:
    """One more notice of another edition, text of the edition's own, letter to many and recipient of one."""
    now, edition = timezone.now(), world.edition
    organiser = world.people["organiser"]
    words = {"subject": {"en": "On {title}", "zh": "关于{title}"}, "body": {"en": "Hello", "zh": "您好"}}
    number = Template.objects.filter(edition=edition).count() + 1
    text = Template.objects.create(
        edition=edition, kind="entry_refused", number=number, by=organiser, at=now, **words
    )
    values = {"title": "Film", "code": world.entry.code}
    for place in (edition, make_edition()):
        Notice.objects.create(
            user=world.people["entrant"], edition=place, kind="film_passed", path="/", created_at=now,
            values=values, template=text,
        )  # fmt: skip
    Mailing.objects.create(
        edition=edition, audience="eligible", topic="news", by=organiser, written_at=now, **words
    )
    Notice.objects.create(
        user=make_user(), edition=edition, kind="mailing", mailing=world.mailing, about=f"x{number}", path="/",
        created_at=now, values=values, state="held",
    )  # fmt: skip
