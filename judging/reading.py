"""Projects in a round: what is read of them, and the time it takes in place of a running time."""

from collections.abc import Collection
from dataclasses import dataclass
from math import ceil
from pathlib import PurePath

from django.db.models import QuerySet

from festival.edition.models import Track
from festival.people.actor import Actor
from judging import queries
from judging.models import Round
from submissions.attachment_view import Thumb, file_views, in_order
from submissions.links import media_url
from submissions.models import Answer, Attachment, Entry
from submissions.queries import judge_copies
from submissions.question_queries import AnswerView, views_of

READ = ("document", "still")  # kinds of files; what else lies beside a project is not the judges' business


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to be read, by a name that says nothing about whose it is."""

    name: str
    facts: str
    url: str
    thumb: Thumb | None


@dataclass(frozen=True, slots=True)
class Material:
    """What a project is judged by. No credits: a round may hide names."""

    synopsis: dict[str, str]
    answers: list[AnswerView]  # to the questions that the organiser asks for the judges
    papers: list[Paper]


def to_read(edition_id: int, entry_ids: Collection[int]) -> set[int]:
    """Those of these entries that are projects without a film. One query where the edition has none."""
    projects = Entry.objects.filter(edition_id=edition_id, track__enters=Track.Enters.PROJECT)
    found = sorted(set(projects.values_list("pk", flat=True)) & set(entry_ids))
    return {pk for pk, seconds in queries.running_times(found).items() if not seconds}


def judging_times(round: Round, entry_ids: list[int]) -> dict[int, int]:
    """Whole seconds by entry: the film's length, or the round's reading time; 0 for a film without a judge copy."""
    reading = to_read(round.edition_id, entry_ids)
    times = queries.running_times([pk for pk in entry_ids if pk not in reading])
    return times | dict.fromkeys(reading, 60 * round.reading_minutes)


def judging_time(round: Round, films: QuerySet[Entry]) -> int:
    """The seconds of `judging_times` of these entries, all together. Two queries, however many they are."""
    copies = judge_copies(films.values("pk"))
    projects = films.filter(track__enters=Track.Enters.PROJECT).values_list("pk", flat=True)
    reading = sum(1 for pk in projects if not copies.get(pk, ("", 0.0))[1])
    return sum(ceil(seconds) for _key, seconds in copies.values()) + 60 * round.reading_minutes * reading


def material_of(actor: Actor, entry_id: int) -> Material:
    """The synopsis, answers, and documents and pictures that came through their checks. Three queries."""
    code, synopsis = Entry.objects.values_list("code", "synopsis").get(pk=entry_id)
    given = Answer.objects.filter(entry=entry_id, question__for_judges=True).select_related(
        "question", "wording"
    )
    files = Attachment.objects.select_related("asset").filter(
        entry=entry_id, kind__in=READ, state=Attachment.State.READY
    )
    papers = []
    for number, view in enumerate(file_views(in_order(files), actor), 1):
        name = f"{code}-{number}{PurePath(view.file.filename).suffix.lower()}"
        key = view.file.asset.key if view.file.asset else ""
        url = media_url(actor, key, name=name, download=True)
        papers.append(Paper(name, view.facts, url, view.thumb))
    return Material(synopsis, views_of(given), papers)
