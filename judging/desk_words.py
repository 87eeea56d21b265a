"""What the desk's pages of a round say of films, and of projects where nothing else is judged in it."""

from typing import Any

from django.utils.translation import gettext, gettext_noop, ngettext

from festival.edition.track_words import only_projects, takes_projects
from judging import queries
from judging.models import Round
from judging.reading import to_read
from submissions.cohorts.delivery_queries import asks_for_films

# By key: of films, of projects. Those that count stand in `counted`.
WORDS: dict[str, tuple[str, str]] = {
    "films": (gettext_noop("Films"), gettext_noop("Projects")),
    "one": (gettext_noop("Film"), gettext_noop("Project")),
    "none_here": (gettext_noop("No film here"), gettext_noop("No project here")),
    "expected": (gettext_noop("Films expected"), gettext_noop("Projects expected")),
    "to_come": (gettext_noop("Films to come"), gettext_noop("Projects to come")),
    "admitted": (gettext_noop("Films admitted"), gettext_noop("Projects admitted")),
    "each_judge": (gettext_noop("To watch, for each judge"), gettext_noop("To read, for each judge")),
    "scored": (gettext_noop("Films scored"), gettext_noop("Projects scored")),
    "left": (gettext_noop("Left to watch"), gettext_noop("Left to read")),
    "left_together": (
        gettext_noop("%(time)s of film left to watch, all judges together"),
        gettext_noop("%(time)s left to read, all judges together"),
    ),
    "her_share": (
        gettext_noop("Every judge watches her share, within two per cent."),
        gettext_noop("Every judge reads her share, within two per cent."),
    ),
    "to_do": (gettext_noop("To watch"), gettext_noop("To read")),
    "scores_caption": (
        gettext_noop(
            "Ordered by what decides: %(by)s. Published rule: %(rule)s, computed exactly; films that are exactly equal "
            "share a rank. Adjusted: what the film would have from judges who are all equally strict, with half the "
            "width of an interval that holds nine chances in ten."
        ),
        gettext_noop(
            "Ordered by what decides: %(by)s. Published rule: %(rule)s, computed exactly; projects that are exactly "
            "equal share a rank. Adjusted: what the project would have from judges who are all equally strict, with "
            "half the width of an interval that holds nine chances in ten."
        ),
    ),
    "passes": (gettext_noop("A film passes"), gettext_noop("A project passes")),
    "which": (
        gettext_noop("Which films go on. Entrants are told nothing yet."),
        gettext_noop("Which projects go on. Entrants are told nothing yet."),
    ),
    "undecided": (
        gettext_noop("Which films go on has not been decided yet."),
        gettext_noop("Which projects go on has not been decided yet."),
    ),
    "all_scored": (
        gettext_noop("All films of “%(round)s” have been scored. It can be closed."),
        gettext_noop("All projects of “%(round)s” have been scored. It can be closed."),
    ),
    "move": (gettext_noop("Move a film"), gettext_noop("Move a project")),
    "beside": (gettext_noop("Stays beside the film."), gettext_noop("Stays beside the project.")),
    "partner": (
        gettext_noop("Stays beside the film. Name the partner if it is a partner’s choice."),
        gettext_noop("Stays beside the project. Name the partner if it is a partner’s choice."),
    ),
    "value": (
        gettext_noop("How many films or nominations, how many per cent, or from which mark."),
        gettext_noop("How many projects or nominations, how many per cent, or from which mark."),
    ),
    "wild": (
        gettext_noop(
            "A film of this round goes on past the gate: your own choice, or a partner’s. It was announced how many "
            "there are; film and reason stay on record."
        ),
        gettext_noop(
            "A project of this round goes on past the gate: your own choice, or a partner’s. It was announced how many "
            "there are; project and reason stay on record."
        ),
    ),
    "none_yet": (
        gettext_noop("There are no films yet: no entry has been admitted to the competition."),
        gettext_noop("There are no projects yet: no entry has been admitted to the competition."),
    ),
    "opening": (
        gettext_noop(
            "Opening freezes gate, criteria, weights and scale, draws lots, and gives every film its looks, so that "
            "all judges watch about as long. Nobody gets a film of their own, or one she is too near to."
        ),
        gettext_noop(
            "Opening freezes gate, criteria, weights and scale, draws lots, and gives every project its looks, so that "
            "all judges read about as long. Nobody gets a project of their own, or one she is too near to."
        ),
    ),
    "from_round": (
        gettext_noop("The films are those that go on from “%(name)s”; its cut is frozen now."),
        gettext_noop("The projects are those that go on from “%(name)s”; its cut is frozen now."),
    ),
    "from_cohort": (
        gettext_noop("The films are those of the teams that have their place in “%(name)s” now."),
        gettext_noop("The projects are those of the teams that have their place in “%(name)s” now."),
    ),
    "late": (gettext_noop("Late films can be added."), gettext_noop("Late projects can be added.")),
    "all": (
        gettext_noop("All films in the competition"),
        gettext_noop("All projects in the competition"),
    ),
    "share_rank": (
        gettext_noop("Films that share the last rank all come."),
        gettext_noop("Projects that share the last rank all come."),
    ),
    "fewest": (
        gettext_noop("Films with the fewest looks first"),
        gettext_noop("Projects with the fewest looks first"),
    ),
    "none_misses": (gettext_noop("No film misses a look"), gettext_noop("No project misses a look")),
    "codes": (gettext_noop("Codes of films"), gettext_noop("Codes of projects")),
    "codes_help": (
        gettext_noop("With spaces between. Each goes to a judge who has not seen it."),
        gettext_noop("With spaces between. Each goes to a judge who has not read it."),
    ),
    "or_undecided": (
        gettext_noop(
            "Or to every film that its scores leave undecided so far and that waits for no look. Which these are is "
            "not told before the round is closed."
        ),
        gettext_noop(
            "Or to every project that its scores leave undecided so far and that waits for no look. Which these are is "
            "not told before the round is closed."
        ),
    ),
    "not_given": (
        gettext_noop("Films that could not be given"),
        gettext_noop("Projects that could not be given"),
    ),
    "one_more": (
        gettext_noop("Films that get one more look"),
        gettext_noop("Projects that get one more look"),
    ),
    "nobody_twice": (
        gettext_noop("Nobody gets a film twice, or one she has a conflict with."),
        gettext_noop("Nobody gets a project twice, or one she has a conflict with."),
    ),
    "no_judge_left": (
        gettext_noop("No judge is left who may see these films."),
        gettext_noop("No judge is left who may read these projects."),
    ),
    "may_see": (gettext_noop("Judges who may see it"), gettext_noop("Judges who may read it")),
    "decided_by_scores": (
        gettext_noop("Nothing to be had: the scores decide these films, or nobody is left to see them."),
        gettext_noop("Nothing to be had: the scores decide these projects, or nobody is left to read them."),
    ),
    "real_times": (
        gettext_noop("Real running times of the films, and %(seconds)s seconds more for each look."),
        gettext_noop("The time to read a project, and %(seconds)s seconds more for each look."),
    ),
    "reckoned": (
        gettext_noop(
            "No film is there yet: as many as are expected, each of the length in the middle of what the rulebook "
            "takes, and %(seconds)s seconds more for each look."
        ),
        gettext_noop(
            "No project is there yet: as many as are expected, the time to read each, and %(seconds)s seconds more for "
            "each look."
        ),
    ),
    "by_ballot": (
        gettext_noop("As the jury has voted, counted exactly. Films that nothing separates share a rank."),
        gettext_noop("As the jury has voted, counted exactly. Projects that nothing separates share a rank."),
    ),
    "by_count": (
        gettext_noop(
            "By what the judges have said, counted exactly. Films with the same count share a rank."
        ),
        gettext_noop(
            "By what the judges have said, counted exactly. Projects with the same count share a rank."
        ),
    ),
}


def is_read(round: Round) -> bool:
    """Whether nothing but projects is judged in this round; of a planned one, as far as is known.

    Remembered on the round. One query where the edition takes only films.
    """
    if not hasattr(round, "_is_read"):
        round._is_read = _is_read(round)  # type: ignore[attr-defined]
    return bool(round._is_read)  # type: ignore[attr-defined]


def _is_read(round: Round) -> bool:
    if not takes_projects(round.edition):
        return False
    if round.state != Round.State.PLANNED:
        entries = round.films.all()
    else:
        asked = None if round.cohort is None else asks_for_films(round.cohort)
        if asked:  # they will have their films by then
            return False
        entries = queries.admitted(round.edition) if round.cohort is None else queries.teams_of(round)
        if not entries.exists():
            return only_projects(round.edition) and (round.cohort is None or asked is False)
    found = set(entries.values_list("pk", flat=True))
    return found <= to_read(round.edition_id, found)


def said(of: Round, key: str, **values: Any) -> str:
    """The words of a key, of films or of projects."""
    text = gettext(WORDS[key][is_read(of)])
    return text % values if values else text


def counted(round: Round, key: str, count: int, **values: Any) -> str:
    """The words of a key that counts."""
    return _counted(key, count, reads=is_read(round)) % {"count": count, **values}


def _counted(key: str, count: int, *, reads: bool) -> str:
    match key, reads:
        case "looks", False:
            return ngettext("%(count)s look per film", "%(count)s looks per film", count)
        case "looks", True:
            return ngettext("%(count)s look per project", "%(count)s looks per project", count)
        case "go_on", False:
            return ngettext("%(count)s film goes on.", "%(count)s films go on.", count)
        case "go_on", True:
            return ngettext("%(count)s project goes on.", "%(count)s projects go on.", count)
        case "late", False:
            return ngettext(
                "%(count)s film was admitted after the round had opened.",
                "%(count)s films were admitted after the round had opened.",
                count,
            )
        case "late", True:
            return ngettext(
                "%(count)s project was admitted after the round had opened.",
                "%(count)s projects were admitted after the round had opened.",
                count,
            )
        case "too_few", False:
            return ngettext(
                "Every film should get %(looks)s looks, but there is only %(count)s judge: every film will miss some.",
                "Every film should get %(looks)s looks, but there are only %(count)s judges: every film will miss "
                "some.",
                count,
            )
        case "too_few", True:
            return ngettext(
                "Every project should get %(looks)s looks, but there is only %(count)s judge: every project will miss "
                "some.",
                "Every project should get %(looks)s looks, but there are only %(count)s judges: every project will "
                "miss some.",
                count,
            )
        case "misses", False:
            return ngettext("%(count)s film misses looks.", "%(count)s films miss looks.", count)
        case "misses", True:
            return ngettext("%(count)s project misses looks.", "%(count)s projects miss looks.", count)
        case "missed", False:
            return ngettext("%(count)s film missed looks", "%(count)s films missed looks", count)
        case "missed", True:
            return ngettext("%(count)s project missed looks", "%(count)s projects missed looks", count)
        case "one_more", False:
            return ngettext(
                "One more look for %(count)s film", "One more look each for %(count)s films", count
            )
        case "one_more", True:
            return ngettext(
                "One more look for %(count)s project", "One more look each for %(count)s projects", count
            )
        case "tied", False:
            return ngettext(
                "%(count)s film is exactly equal to others at the line.",
                "%(count)s films are exactly equal at the line.",
                count,
            )
        case "tied", True:
            return ngettext(
                "%(count)s project is exactly equal to others at the line.",
                "%(count)s projects are exactly equal at the line.",
                count,
            )
        case "open_at_line", False:
            return ngettext(
                "Of %(count)s film the scores do not say on which side it belongs (between one and nine chances in "
                "ten), and a judge can still see it.",
                "Of %(count)s films the scores do not say on which side they belong (between one and nine chances in "
                "ten), and judges can still see them.",
                count,
            )
        case "open_at_line", True:
            return ngettext(
                "Of %(count)s project the scores do not say on which side it belongs (between one and nine chances in "
                "ten), and a judge can still read it.",
                "Of %(count)s projects the scores do not say on which side they belong (between one and nine chances "
                "in ten), and judges can still read them.",
                count,
            )
    raise KeyError(key)
