"""What the pages of a jury's meeting say of films, and of projects where its round reads."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_noop, ngettext

from festival.kit.fields import reword
from judging import jury_words
from judging.desk_words import is_read
from judging.models import AgendaItem, Meeting, Vote

# By key: of films, of projects. Those that count stand in `counted`.
WORDS: dict[str, tuple[str, str]] = {
    "one": (gettext_noop("Film"), gettext_noop("Project")),
    "films": (gettext_noop("Films"), gettext_noop("Projects")),
    "not_open": (
        gettext_noop("Films, scores and notes are here once the jury chair opens it. You will get a letter."),
        gettext_noop(
            "Projects, scores and notes are here once the jury chair opens it. You will get a letter."
        ),
    ),
    "order": (
        gettext_noop("The films in the jury’s order"),
        gettext_noop("The projects in the jury’s order"),
    ),
    "none_on_table": (
        gettext_noop("No film is on the table."),
        gettext_noop("No project is on the table."),
    ),
    "call_in": (gettext_noop("Call in one more film"), gettext_noop("Call in one more project")),
    "code": (gettext_noop("Code of the film"), gettext_noop("Code of the project")),
    "place": (
        gettext_noop("film %(place)s of %(total)s"),
        gettext_noop("project %(place)s of %(total)s"),
    ),
    "previous": (gettext_noop("Previous film"), gettext_noop("Previous project")),
    "outside": (
        gettext_noop(
            "You have left the room for this film: its scores, its notes and what is said of it are not for you, and "
            "it is not on your ballots."
        ),
        gettext_noop(
            "You have left the room for this project: its scores, its notes and what is said of it are not for you, "
            "and it is not on your ballots."
        ),
    ),
    "near": (
        gettext_noop("I am too near to this film: leave the room"),
        gettext_noop("I am too near to this project: leave the room"),
    ),
    "nobody": (
        gettext_noop("Nobody has finished this film in this round."),
        gettext_noop("Nobody has finished this project in this round."),
    ),
    "say": (gettext_noop("Say something about this film"), gettext_noop("Say something about this project")),
    "was_out": (
        gettext_noop("You had left the room for this film."),
        gettext_noop("You had left the room for this project."),
    ),
    "motion_out": (
        gettext_noop("You have left the room for a film of this motion, so you do not vote on it."),
        gettext_noop("You have left the room for a project of this motion, so you do not vote on it."),
    ),
    "motion_was_out": (
        gettext_noop("You had left the room for a film of this motion."),
        gettext_noop("You had left the room for a project of this motion."),
    ),
    "tick": (
        gettext_noop("Tick every film that you would choose. As many as you like."),
        gettext_noop("Tick every project that you would choose. As many as you like."),
    ),
    "tick_one": (
        gettext_noop(
            "Tick the one film that you would choose. It is chosen with more than half of the ballots."
        ),
        gettext_noop(
            "Tick the one project that you would choose. It is chosen with more than half of the ballots."
        ),
    ),
    "drag": (
        gettext_noop(
            "Drag the films into your order, or use the arrows; places follow. What stands below the line has no place."
        ),
        gettext_noop(
            "Drag the projects into your order, or use the arrows; places follow. What stands below the line has no "
            "place."
        ),
    ),
    "none_yours": (
        gettext_noop("No film on this ballot is yours to vote on"),
        gettext_noop("No project on this ballot is yours to vote on"),
    ),
    "none_half": (
        gettext_noop("No film has more than half of the ballots. The jury votes again among the first."),
        gettext_noop("No project has more than half of the ballots. The jury votes again among the first."),
    ),
    "tied_last": (
        gettext_noop("Films are tied for the last places. The jury votes again among them."),
        gettext_noop("Projects are tied for the last places. The jury votes again among them."),
    ),
    "by_runoff": (
        gettext_noop(
            "Counted by instant run-off: round by round the film with the fewest first places goes, and its ballots "
            "speak for their next film."
        ),
        gettext_noop(
            "Counted by instant run-off: round by round the project with the fewest first places goes, and its ballots "
            "speak for their next project."
        ),
    ),
    "by_schulze": (
        gettext_noop(
            "Counted by Schulze’s method: a film stands before another that more ballots put it before, directly or "
            "over others."
        ),
        gettext_noop(
            "Counted by Schulze’s method: a project stands before another that more ballots put it before, directly or "
            "over others."
        ),
    ),
    "by_majority": (
        gettext_noop("Chosen is a film with more than half of the ballots."),
        gettext_noop("Chosen is a project with more than half of the ballots."),
    ),
    "by_approval": (
        gettext_noop("Share of those who could vote on the film."),
        gettext_noop("Share of those who could vote on the project."),
    ),
    "by_points": (
        gettext_noop("Mean points of those who could vote on the film."),
        gettext_noop("Mean points of those who could vote on the project."),
    ),
    "of_track": (
        gettext_noop("The films of the meeting that are of its track and fulfil its conditions."),
        gettext_noop("The projects of the meeting that are of its track and fulfil its conditions."),
    ),
    "choose_first": (gettext_noop("Choose the films first."), gettext_noop("Choose the projects first.")),
    "one_more": (gettext_noop("Code of one more film"), gettext_noop("Code of one more project")),
    "none_yet": (gettext_noop("No films yet"), gettext_noop("No projects yet")),
}


def said(meeting: Meeting, key: str, **values: Any) -> str:
    """The words of a key, of films or of projects; ballots are spoken of as on those of a round."""
    reads = is_read(meeting.round)
    if key not in WORDS:
        return jury_words.said(key, reads, **values)
    text = gettext(WORDS[key][reads])
    return text % values if values else text


def counted(meeting: Meeting, key: str, count: int, **values: Any) -> str:
    """The words of a key that counts."""
    return _counted(key, count, reads=is_read(meeting.round)) % {"count": count, **values}


def _counted(key: str, count: int, *, reads: bool) -> str:
    match key, reads:
        case "chosen", False:
            return ngettext("%(count)s film is chosen.", "%(count)s films are chosen.", count)
        case "chosen", True:
            return ngettext("%(count)s project is chosen.", "%(count)s projects are chosen.", count)
        case "left_out", False:
            return ngettext(
                "%(count)s film is not on your ballot: you have left the room for it.",
                "%(count)s films are not on your ballot: you have left the room for them.",
                count,
            )
        case "left_out", True:
            return ngettext(
                "%(count)s project is not on your ballot: you have left the room for it.",
                "%(count)s projects are not on your ballot: you have left the room for them.",
                count,
            )
        case "by_casting", False:
            return ngettext(
                "%(count)s of the films was tied with others and chosen by the casting ballot.",
                "%(count)s of the films were tied with others and chosen by the casting ballot.",
                count,
            )
        case "by_casting", True:
            return ngettext(
                "%(count)s of the projects was tied with others and chosen by the casting ballot.",
                "%(count)s of the projects were tied with others and chosen by the casting ballot.",
                count,
            )
        case "at_line", False:
            return ngettext(
                "%(count)s film of the list is tied at the line of the cut.",
                "%(count)s films of the list are tied at the line of the cut.",
                count,
            )
        case "at_line", True:
            return ngettext(
                "%(count)s project of the list is tied at the line of the cut.",
                "%(count)s projects of the list are tied at the line of the cut.",
                count,
            )
        case "short", False:
            return ngettext(
                "Shortlist of “%(award)s”: %(count)s film of the meeting may have it, and is ticked.",
                "Shortlist of “%(award)s”: %(count)s films of the meeting may have it, and are ticked.",
                count,
            )
        case "short", True:
            return ngettext(
                "Shortlist of “%(award)s”: %(count)s project of the meeting may have it, and is ticked.",
                "Shortlist of “%(award)s”: %(count)s projects of the meeting may have it, and are ticked.",
                count,
            )
        case "opened", False:
            return ngettext(
                "Scores and notes of %(count)s film lie open to the members, and each gets a letter with the address.",
                "Scores and notes of %(count)s films lie open to the members, and each gets a letter with the address.",
                count,
            )
        case "opened", True:
            return ngettext(
                "Scores and notes of %(count)s project lie open to the members, and each gets a letter with the "
                "address.",
                "Scores and notes of %(count)s projects lie open to the members, and each gets a letter with the "
                "address.",
                count,
            )
        case "of_cut", False:
            return ngettext(
                "Take the %(count)s film of the cut", "Take the %(count)s films of the cut", count
            )
        case "of_cut", True:
            return ngettext(
                "Take the %(count)s project of the cut", "Take the %(count)s projects of the cut", count
            )
        case "moved", False:
            return ngettext(
                "%(count)d film was moved over the line.", "%(count)d films were moved over the line.", count
            )
        case "moved", True:
            return ngettext(
                "%(count)d project was moved over the line.",
                "%(count)d projects were moved over the line.",
                count,
            )
    raise KeyError(key)


KINDS: dict[str, str] = {
    Vote.Kind.APPROVAL: gettext_noop("Approval: every project one would give it to"),
    Vote.Kind.POINTS: gettext_noop("Points for each project"),
    Vote.Kind.MAJORITY: gettext_noop("Plain majority: one project each; chosen is who has more than half"),
    Vote.Counting.SCHULZE: gettext_noop("Schulze: who is beaten by nobody, project against project"),
    Vote.Counting.RUNOFF: gettext_noop(
        "Instant run-off: the project with the fewest first places goes, round by round"
    ),
    Vote.Motion.SHARE: gettext_noop("Projects share a place of an award"),
}


def kind_text(meeting: Meeting, vote: Vote) -> str:
    """How a vote is taken; of a motion, what is moved."""
    label = vote.get_motion_display() if vote.kind == Vote.Kind.MOTION else vote.get_kind_display()
    named = vote.motion if vote.kind == Vote.Kind.MOTION else vote.kind
    return gettext(KINDS[named]) if named in KINDS and is_read(meeting.round) else str(label)


USUAL: dict[str, str] = {
    AgendaItem.Usual.OPENING: gettext_noop(
        "Opening: how the jury decides, and who leaves the room for which project"
    ),
    AgendaItem.Usual.FILMS: gettext_noop("The projects, one by one"),
}


def point_text(meeting: Meeting, point: AgendaItem) -> str:
    """A point of the agenda: the meeting's own words, or the usual ones."""
    if not point.title and point.usual in USUAL and is_read(meeting.round):
        return gettext(USUAL[point.usual])
    return point.words


def _rechoose(form: forms.Form, *names: str) -> None:
    for name in names:
        field = form.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (key, gettext(KINDS[key]) if key in KINDS else said) for key, said in field.choices
            ]


def vote_of_projects(form: forms.Form) -> None:
    """Rewords a VoteForm."""
    _rechoose(form, "kind", "counting")
    reword(
        form,
        text=(gettext("What is voted on"), gettext("For example: Which projects go on?")),
        slot=(
            gettext("Award"),
            gettext(
                "An award that goes by a ballot of the jury takes its projects from the last vote about it."
            ),
        ),
        casting=gettext("My own ballot decides between projects that are tied (casting ballot)"),
        points=gettext("Most points for one project"),
        seats=gettext("How many projects are chosen"),
        films=gettext("Projects"),
    )


def motion_of_projects(form: forms.Form) -> None:
    """Rewords a MotionForm."""
    _rechoose(form, "motion")
    reword(form, films=gettext("Projects"))
