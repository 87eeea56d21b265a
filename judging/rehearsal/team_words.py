"""Teams of cohorts in the report of a rehearsal: lines, a table, what would have gone wrong; in the reader’s words."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.kit.words import say

Row = Mapping[str, Any]


def columns() -> tuple[str, ...]:
    """Of the table of milestones."""
    return (
        _("Milestone"), _("On time"), _("Late"), _("Never"), _("Versions for each team"), _("Accepted"),
        _("Changes"), _("Rejected"), _("Opened again"),
    )  # fmt: skip


def milestone_rows(row: Row) -> list[tuple[str, ...]]:
    """Every milestone of a cohort: how many teams delivered when, and what was said."""
    found = []
    for one in row["milestones"]:
        teams = one["teams"] - one["never"]
        versions = one["versions"] / teams if teams else 0
        figures = (one["on_time"], one["late"], one["never"], f"{versions:.1f}")
        said = (one["accepted"], one["changes"], one["rejected"], one.get("reopened", 0))
        found.append((say(one["name"]), *map(str, (*figures, *said))))
    return found


def heading(row: Row) -> str:
    """Of a cohort's section."""
    return _("Teams: %(name)s") % {"name": say(row["name"])}


def lines_of_teams(row: Row) -> Iterator[str]:
    """Places, reviews, mentors, interviews and support of one cohort, each in a sentence."""
    text = _(  # figures behind their names: six plurals in one sentence would be a hundred sentences
        "Places: %(places)d. Offers: %(offered)d, of which declined: %(declined)d, not answered: %(silent)d. Teams "
        "that left: %(left)d; places filled again: %(filled_again)d; teams at the end: %(teams)d."
    )
    yield text % row
    reviews = sum(one["reviews"] for one in row["milestones"])
    if reviews:
        yield ngettext(
            "%(count)d review, %(hours).1f hours of those who review.",
            "%(count)d reviews, %(hours).1f hours of those who review.",
            reviews,
        ) % {"count": reviews, "hours": row["review_hours"]}
    reopened, again = (sum(one.get(name, 0) for one in row["milestones"]) for name in ("reopened", "again"))
    if reopened:
        text = _("Rejected deliveries that were opened again: %(reopened)d; delivered again: %(again)d.")
        yield text % {"reopened": reopened, "again": again}
    reminded = row.get("reminded") or {}  # earlier reports have none
    if any(reminded.values()):
        text = _(
            "Reminders sent: %(week)d a week before a milestone, %(day)d a day before, %(late)d when it was late; "
            "%(tasks)d of tasks."
        )
        yield text % reminded
    extended = sum(one["extended"] for one in row["milestones"])
    if extended:
        yield ngettext(
            "More time was given %(count)d time.", "More time was given %(count)d times.", extended
        ) % {"count": extended}
    if row["mentors"]:
        text = _("Mentors: %(mentors)d; their sessions: %(sessions)d, %(mentor_hours).1f hours in all.")
        yield text % row
    if row["times_wanted"]:
        yield _("Interviews: %(booked)d of %(times)d times were booked.") % row
    for line in row["support"]:
        figures = {name: amount(line[name] or 0) for name in ("promised", "given", "withheld")}
        if line["promised"] is None:  # as much as a team needs
            yield _("%(unit)s: promised without a limit; %(given)s given.") % {
                **figures,
                "unit": line["unit"],
            }
        elif not line["withheld"]:
            yield _("%(unit)s: %(promised)s promised, %(given)s given.") % {**figures, "unit": line["unit"]}
        else:
            text = _(
                "%(unit)s: %(promised)s promised, %(given)s given; another %(withheld)s would have been promised "
                "if every milestone had been met."
            )
            yield text % {**figures, "unit": line["unit"]}


def amount(value: float) -> str:
    """Whole units, grouped as everywhere."""
    return f"{value:,.0f}"


def plain_lines(row: Row) -> Iterator[str]:
    """All cohorts as plain lines, for the shell."""
    for cohort in row["cohorts"]:
        yield heading(cohort)
        for line in lines_of_teams(cohort):
            yield f"  {line}"
        names = columns()
        for cells in milestone_rows(cohort):
            figures = ", ".join(f"{name} {cell}" for name, cell in zip(names[1:], cells[1:], strict=True))
            yield f"  {cells[0]}: {figures}"


def sentences(count: int) -> dict[str, str]:
    """What would have gone wrong, by code."""
    return {
        "places_empty": ngettext(
            "%(name)s: %(count)d place is empty at the end.",
            "%(name)s: %(count)d places are empty at the end.",
            count,
        ),
        "caught_out": ngettext(
            "%(name)s: %(count)d team moved up when “%(milestone)s” was over, or less than five days away.",
            "%(name)s: %(count)d teams moved up when “%(milestone)s” was over, or less than five days away.",
            count,
        ),
        "never_delivered": ngettext(
            "%(name)s: %(count)d team never delivered for “%(milestone)s”.",
            "%(name)s: %(count)d teams never delivered for “%(milestone)s”.",
            count,
        ),
        "turned_down": ngettext(
            "%(name)s: %(count)d delivery for “%(milestone)s” was rejected.",
            "%(name)s: %(count)d deliveries for “%(milestone)s” were rejected.",
            count,
        ),
        "after_next": ngettext(
            "%(name)s: %(count)d review of “%(milestone)s” came when the next milestone was due already.",
            "%(name)s: %(count)d reviews of “%(milestone)s” came when the next milestone was due already.",
            count,
        ),
        "unreviewed": ngettext(
            "%(name)s: %(count)d delivery for “%(milestone)s” was never reviewed.",
            "%(name)s: %(count)d deliveries for “%(milestone)s” were never reviewed.",
            count,
        ),
        "reviewers_busy": _(
            "%(name)s: “%(milestone)s” is due during “%(phase)s”, when those who review have no time."
        ),
        "due_at_end": _(
            "%(name)s: “%(milestone)s” is due when the cohort ends; what comes late cannot be taken any more."
        ),
        "times_short": ngettext(
            "%(name)s: only %(count)d time for interviews fits into the days of the round, for %(places)d teams.",
            "%(name)s: only %(count)d times for interviews fit into the days of the round, for %(places)d teams.",
            count,
        ),
        "withheld": _("%(name)s: %(amount)s %(unit)s were withheld, because milestones were not met."),
        "without_film": ngettext(
            "%(name)s: %(count)d team had no film to show to the jury.",
            "%(name)s: %(count)d teams had no film to show to the jury.",
            count,
        ),
        "team_refused": ngettext(
            "The site refused %(count)d step of a team: %(why)s.",
            "The site refused %(count)d steps of teams: %(why)s.",
            count,
        ),
    }


def refusal(code: str) -> str:
    """Why a step of a team was refused, by the code of the refusal."""
    texts = {
        "full": _("the cohort had no free place"),
        "no_film": _("its film was not there"),
        "not_ready": _("its file had not been checked yet"),
        "missing": _("something that is required was missing"),
        "none_free": _("no time was free"),
        "not_open": _("it could not be done yet"),
        "room_taken": _("the room was taken"),
        "interviewer_taken": _("an interviewer had another interview then"),
        "team_taken": _("the team had another interview then"),
    }
    late = dict.fromkeys(("past", "over", "after_end", "entry_over", "begun", "gone"), _("its time was over"))
    return (texts | late).get(code) or _("a rule of the site spoke against it")


def proposals() -> dict[str, str]:
    """What could be done about it, by code."""
    return {
        "places_empty": _("Put more names on the list, or let the cohort offer the next place by itself."),
        "caught_out": _(
            "Let the time to answer end earlier, or make the first milestone later; who moves up needs time."
        ),
        "never_delivered": _("Call the team the day after; the desk’s table shows who is late."),
        "turned_down": _("Ask for a smaller thing earlier: an outline shows sooner what will not do."),
        "after_next": _("Name more people who review, or put more days between these milestones."),
        "unreviewed": _("Name more people who review, or let the cohort end later."),
        "reviewers_busy": _("Make it due some days before, or name somebody who reviews meanwhile."),
        "due_at_end": _("Let the cohort end some weeks after its last milestone."),
        "times_short": _("Add a second room, or shorter interviews."),
        "withheld": _("Say beforehand what becomes of money that is withheld."),
        "without_film": _(
            "Put the last milestone some weeks before the round, and leave time for a second version."
        ),
        "team_refused": _("Change the setup of the cohort, and rehearse again."),
    }
