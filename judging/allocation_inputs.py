"""What an allocation of a round depends on, read in sets: films, judges with languages and hours, conflicts, looks."""

from collections.abc import Mapping
from math import floor

from django.db.models import Sum

from festival.edition.models import Edition
from festival.kit.names import NO_WORDS, language_codes
from judging import judge_queries, queries
from judging.conflict_queries import conflicts_of
from judging.logic.allocation.task import Film, Given, Judge, Task, task
from judging.models import JudgeProfile, Look, Round
from judging.reading import judging_times
from submissions.models import Entry


def task_for(round: Round, entry_ids: list[int], more: Mapping[str, int] | None = None) -> Task:
    """What is missing until these films have the round's looks, or, with `more` (by code), so many further ones."""
    films = films_of(round, entry_ids)
    judges = judges_of(round, films)
    codes = dict(Entry.objects.filter(pk__in=entry_ids).values_list("pk", "code"))
    jury = {int(judge.key) for judge in judges}
    rows = Look.objects.filter(queries.LIVE, round=round)
    given = [
        Given(
            judge=str(judge),
            film=code,
            seconds=seconds,
            counts=state == Look.State.SCORED or (state == Look.State.PENDING and judge in jury),
        )
        for judge, code, seconds, state in rows.values_list("judge_id", "entry__code", "seconds", "state")
    ]
    return task(
        films=films,
        judges=judges,
        conflicts=[(str(judge), codes[pk]) for judge, pk in conflicts_of(round.edition, codes)],
        looks=round.looks_per_film,
        seed=round.seed,
        given=given,
        more=more,
        shared_cut=True,
    )


def films_of(round: Round, entry_ids: list[int]) -> list[Film]:
    """Films by code, with the languages in which they can be followed; one without words asks for none."""
    seconds = judging_times(round, entry_ids)
    rows = Entry.objects.filter(pk__in=entry_ids).order_by("code")
    columns = ("pk", "code", "track__slug", "language", "subtitle_languages", "genre")
    films = []
    for pk, code, track, spoken, written, genre in rows.values_list(*columns):
        languages = _languages(spoken)
        follows = () if NO_WORDS in languages or not languages else (*languages, *_languages(written))
        films.append(Film(code, seconds[pk], track, follows, (genre,) if genre else ()))
    return films


def judges_of(round: Round, films: list[Film]) -> list[Judge]:
    """The round's judges. Stated hours are turned into seconds of film: each film costs some beyond its length."""
    names = queries.judges_of_round(round)
    edition = round.edition
    profiles = {
        row.user_id: row
        for row in JudgeProfile.objects.filter(edition=edition, user_id__in=list(names)).prefetch_related(
            "tracks", "days"
        )
    }
    days = judge_queries.days_of(round)
    elsewhere = {} if judge_queries.own_phases(edition) else _given_elsewhere(round)
    mean = sum(film.seconds for film in films) / len(films) if films else 0.0
    share = mean / (mean + round.overhead_seconds) if mean else 1.0
    found = []
    for pk in names:
        profile = profiles.get(pk)
        if profile is None:
            found.append(Judge(str(pk)))
            continue
        seconds = None
        if profile.minutes_per_day is not None and days:
            stated = 60 * sum(judge_queries.minutes_by_day(profile, days).values())
            seconds = max(0, floor(stated * share) - elsewhere.get(pk, 0))
        tracks = tuple(track.slug for track in profile.tracks.all())
        found.append(
            Judge(str(pk), seconds, tracks, _languages(profile.languages), tuple(profile.forms or ()))
        )
    return found


def _given_elsewhere(round: Round) -> dict[int, int]:
    """Seconds of film that the judges have in other rounds of the edition."""
    rows = Look.objects.filter(queries.LIVE, round__edition_id=round.edition_id).exclude(round=round)
    rows = rows.exclude(state=Look.State.RECUSED).order_by().values("judge_id").annotate(all=Sum("seconds"))
    return {row["judge_id"]: row["all"] or 0 for row in rows}


def _languages(text: str) -> tuple[str, ...]:
    """Codes as compared: "zh-Hant" and "zh" are one language to a judge."""
    return tuple(sorted({code.casefold().partition("-")[0] for code in language_codes(text)}))


def hours_stated(edition: Edition) -> bool:
    """Whether any judge has said how much time there is."""
    return JudgeProfile.objects.filter(edition=edition, minutes_per_day__isnull=False).exists()
