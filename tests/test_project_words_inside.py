"""Pages that open one behind the other, and letters, speak of projects where nobody has made a film yet."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from festival.people.actor import actor_of
from festival.post.kinds_jury import OF_JURIES
from festival.post.kinds_result import OF_RESULTS
from festival.post.placeholders import PLACEHOLDER
from festival.post.words import default_text
from judging import meeting_actions, motion_actions, vote_actions
from judging.models import FeedbackLetter, Meeting, Vote
from judging.rehearsal import words as rehearsal_words
from submissions import correction_actions
from tests.incubator import Stage, in_the_call, in_the_camp
from tests.test_project_words import WORD, wrong

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "zh-hans")


@pytest.fixture
def camp() -> Stage:
    return in_the_camp()


def asked(stage: Stage, who: str, url: str, language: str) -> HttpResponse:
    stage.people[who].language = language
    stage.people[who].save()
    client = Client(headers={"accept-language": language})
    client.force_login(stage.people[who])
    return client.get(url)


def amiss(stage: Stage, rows: list[tuple[str, str]]) -> dict[tuple[str, str], list[str]]:
    """What the pages at these addresses say of films, by language and address; each of them must answer."""
    found = {}
    for language in LANGUAGES:
        for who, url in rows:
            answer = asked(stage, who, url, language)
            assert answer.status_code == 200, (url, answer.status_code)
            if said := wrong(answer.content.decode()):
                found[language, url] = sorted(said)
    return found


def room(meeting: Meeting, name: str, *parts: object) -> str:
    return reverse(f"judging:{name}", args=[meeting.edition.slug, meeting.pk, *parts])


def vote_on(stage: Stage, meeting: Meeting, kind: str) -> Vote:
    now = timezone.now()
    return vote_actions.ask(
        meeting=meeting, text="Who goes on?", kind=kind, films=[one.pk for one in stage.entries[:2]], seats=1,
        quorum=1, points=10, closes_at=now + timedelta(hours=1), by=actor_of(stage.people["chair"]), at=now,
    )  # fmt: skip


def test_letters_to_judges_and_about_results_name_no_film() -> None:
    for key, kind in (OF_JURIES | OF_RESULTS).items():
        if key == "screening_news":  # a film is shown
            continue
        for language in LANGUAGES:
            with translation.override(language):
                text = default_text(kind)
                said = PLACEHOLDER.sub("", f"{kind.label} {kind.when} {text.subject} {text.body}")
            assert not WORD.search(said), (language, key, said)


def test_the_inner_pages_of_a_meeting(camp: Stage) -> None:
    meeting = Meeting.objects.get(pk=(camp.extra or {})["meeting"])
    chair, now = actor_of(camp.people["chair"]), timezone.now()
    judge = actor_of(camp.people["judge"])
    votes = [vote_on(camp, meeting, kind) for kind in ("ranked", "approval", "points", "majority")]
    motion = motion_actions.move(
        meeting=meeting, motion="other", text="We read on.", films=[camp.entries[0].pk], quorum=1,
        closes_at=now + timedelta(hours=1), by=chair, at=now,
    )  # fmt: skip
    code = camp.entries[0].code
    rows = [
        ("organiser", room(meeting, "meeting_desk")),
        ("chair", room(meeting, "meeting_ask")),
        ("chair", room(meeting, "meeting_motion")),
        ("judge", room(meeting, "meeting")),
        ("judge", room(meeting, "meeting_film", code)),
        ("judge", room(meeting, "meeting_aside", code)),
        *(("judge", room(meeting, "meeting_vote", one.pk)) for one in (*votes, motion)),
    ]
    assert not amiss(camp, rows)
    page = asked(camp, "judge", room(meeting, "meeting_film", code), "en").content.decode()
    assert "A lamp goes out." in page and "no judge copy" not in page
    for one in votes:
        values = {camp.entries[0].pk: 1, camp.entries[1].pk: None if one.kind == "majority" else 1}
        vote_actions.cast(vote=one, by=judge, at=now, revision=0, values=values)
        vote_actions.close_vote(vote=one, by=chair, at=now)
    motion_actions.answer(vote=motion, by=judge, at=now, revision=0, said="yes")
    vote_actions.close_vote(vote=motion, by=chair, at=now)
    meeting_actions.stand_aside(
        meeting=meeting, entry_id=camp.entries[0].pk, by=judge, at=now, reason="family"
    )
    rows = [("judge", room(meeting, "meeting_vote", one.pk)) for one in (*votes, motion)]
    assert not amiss(camp, [*rows, ("judge", room(meeting, "meeting_film", code))])
    meeting_actions.close_meeting(meeting=meeting, by=chair, at=now)
    assert not amiss(camp, [("judge", room(meeting, "meeting_minutes"))])


def test_reading_leaves_nothing_to_be_watched(camp: Stage) -> None:
    names = ("round_watching", "round_console")
    rows = [("chair", reverse(f"judging:{name}", args=[camp.edition.slug, "reading"])) for name in names]
    assert not amiss(camp, rows)
    texts = [asked(camp, who, url, "en").content.decode() for who, url in rows]
    assert all("projects are read" in text for text in texts)


def test_feedback(camp: Stage) -> None:
    entry = camp.entries[-1]
    FeedbackLetter.objects.create(
        entry=entry, round=camp.edition.rounds.get(slug="reading"), films=8, band=25, bands=[25],
        sent_at=timezone.now(), sent_by=camp.people["organiser"],
    )  # fmt: skip
    camp.people["entrant"] = entry.entrant
    rows = [
        ("entrant", reverse("judging:feedback_letter", args=[entry.code])),
        ("organiser", reverse("judging:feedback", args=[camp.edition.slug])),
        ("organiser", reverse("judging:feedback_rules", args=[camp.edition.slug])),
    ]
    assert not amiss(camp, rows)
    assert (
        "your project was among the first 25% of 8 projects" in asked(camp, *rows[0], "en").content.decode()
    )


def test_corrections_and_the_table_to_take_away() -> None:
    stage = in_the_call()
    entry, now = stage.entries[0], timezone.now()
    names = ["title", "synopsis"]
    assert not amiss(stage, [("entrant", reverse("submissions:correction", args=[entry.code]))])
    correction_actions.grant_correction(
        entry=entry,
        names=names,
        until=now + timedelta(days=1),
        by=actor_of(stage.people["organiser"]),
        at=now,
    )
    rows = [
        ("entrant", reverse("submissions:correct", args=[entry.code])),
        ("organiser", reverse("submissions:desk_correction", args=[stage.edition.slug, entry.code])),
        ("organiser", reverse("submissions:desk_corrections", args=[stage.edition.slug])),
        ("organiser", reverse("submissions:desk_download", args=[stage.edition.slug])),
    ]
    assert not amiss(stage, rows)
    table = rows[-1][1] + "?format=csv&column=title"
    head = b"".join(asked(stage, "organiser", table, "en").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert head.splitlines()[0] == "Title of the project"


def test_a_rehearsal_counts_entries(camp: Stage) -> None:
    number = (camp.extra or {})["number"]
    page = reverse("judging:rehearsal", args=[camp.edition.slug, number])
    text = asked(camp, "organiser", page, "en").content.decode()
    assert "for 1,000 entries" in text and "1,000 films" not in text
    assert not amiss(camp, [("organiser", page)])
    report = camp.edition.rehearsals.get(number=number).report
    for row in report["rounds"]:
        row["reads"] = row["films"]
    with translation.override("en"):
        text = rehearsal_words.markdown(report)
        assert "Entries: 20, admitted: 20. Judges: 2." in text and "| Round or awards | Entries |" in text
        assert "Round 0: 20 projects" in rehearsal_words.round_line(report["rounds"][0])
