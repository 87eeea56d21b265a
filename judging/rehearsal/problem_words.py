"""What would have gone wrong, each in a sentence, with what could be done about it; in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.kit.words import say
from judging.rehearsal import team_words

Row = Mapping[str, Any]


def per_cent(share: float) -> str:
    return f"{share * 100:.0f}%"


def reason(code: str) -> str:
    """Why an entry is not taken, by the code of the refusal."""
    texts = {
        "call_closed": _("too late, after the end of the call"),
        "call_not_open": _("too early, before the call opened"),
        "track_closed": _("the track had closed"),
        "track_full": _("the track was full"),
        "too_many": _("one person had sent as many entries as the contest takes"),
        "too_many_in_track": _("one person had sent as many entries as the track takes"),
        "entered_already": _("the same had been entered before"),
        "entered_in_track": _("the same had been entered in another track"),
        "fix_window_over": _("the time for mending was over"),
    }
    return texts.get(code) or _("another rule of the contest spoke against it")


def why(said: Mapping[str, str] | str) -> str:
    """Why the site refused something, as it was kept: in both languages, or as the sentence that was said then."""
    if isinstance(said, str):
        return _(said) if said else ""
    return say(said)


def values_of(warning: Row) -> dict[str, Any]:
    """What the sentences name."""
    values = {**warning, "name": say(warning.get("name") or {})}
    if "share" in warning:
        values["share"] = per_cent(warning["share"])
    if "reason" in warning:
        values["reason"] = reason(warning["reason"])
    if "page" in warning:
        values["page"] = page_name(warning["page"])
    if "amount" in warning:
        values["amount"] = team_words.amount(warning["amount"])
    for name in ("milestone", "phase"):
        if name in warning:
            values[name] = say(warning[name])
    if "why" in warning:
        teams = warning["code"] == "team_refused"
        values["why"] = team_words.refusal(warning["why"]) if teams else why(warning["why"])
    return values


def sentence(warning: Row) -> str:
    """What would have gone wrong."""
    count = warning.get("count", 0)
    texts = {
        "not_taken": ngettext(
            "%(count)d entry was not taken: %(reason)s.",
            "%(count)d entries were not taken: %(reason)s.",
            count,
        ),
        "left_fixing": ngettext(
            "%(count)d film was never mended.", "%(count)d films were never mended.", count
        ),
        "left_draft": ngettext(
            "%(count)d draft was never submitted.", "%(count)d drafts were never submitted.", count
        ),
        "doubles": ngettext(
            "%(count)d film was held back as a double of another; a technician had to decide.",
            "%(count)d films were held back as doubles of others; a technician had to decide.",
            count,
        ),
        "rush": _("%(share)s of all entries came on one day (day %(day)d of the call: %(count)d)."),
        "long_queue": ngettext(
            "With %(workers)d worker a film waited up to %(longest).0f hours for its inspection.",
            "With %(workers)d workers a film waited up to %(longest).0f hours for its inspection.",
            warning.get("workers", 0),
        ),
        "page_slow": ngettext(
            "%(count)d page was slower than it should be: “%(page)s” took %(ms).0f ms.",
            "%(count)d pages were slower than they should be; the slowest, “%(page)s”, took %(ms).0f ms.",
            count,
        ),
        "page_failed": ngettext(
            "%(count)d page could not be shown: “%(page)s” answered with the error %(status)d.",
            "%(count)d pages could not be shown; “%(page)s” answered with the error %(status)d.",
            count,
        ),
        "round_refused": _("%(name)s could not be carried out: %(why)s"),
        "too_long": _("%(name)s: the busiest judge needs %(hours)s hours in %(days)s days."),
        "too_long_to_vote": _("%(name)s: the busiest judge needs %(hours)s hours in %(days)s days."),
        "no_hours": ngettext(
            "%(name)s: %(count)d look could not be given: no judge who may give it has hours left.",
            "%(name)s: %(count)d looks could not be given: no judge who may give them has hours left.",
            count,
        ),
        "unserved": ngettext(
            "%(name)s: for %(count)d look there was no judge who may give it.",
            "%(name)s: for %(count)d looks there was no judge who may give them.",
            count,
        ),
        "pending": ngettext(
            "%(name)s: %(count)d look was never finished.",
            "%(name)s: %(count)d looks were never finished.",
            count,
        ),
        "replaced": ngettext(
            "%(name)s: %(count)d look had to be given to another judge.",
            "%(name)s: %(count)d looks had to be given to other judges.",
            count,
        ),
        "tied": ngettext(
            "%(name)s: %(count)d entry was tied at the line.",
            "%(name)s: %(count)d entries were tied at the line.",
            count,
        ),
        "no_cut": _("%(name)s: all %(count)d entries went on; its cut decides nothing at this size."),
        "few_found": _("%(name)s: only %(share)s of the true best came through."),
        "vacant": ngettext(
            "%(count)d place among the awards stays vacant.",
            "%(count)d places among the awards stay vacant.",
            count,
        ),
        "no_quorum": ngettext(
            "%(count)d vote of the jury’s meeting had fewer ballots than its quorum (%(quorum)d).",
            "%(count)d votes of the jury’s meeting had fewer ballots than their quorum (%(quorum)d).",
            count,
        ),
        "not_placed": ngettext(
            "%(count)d film found no place in the timetable.",
            "%(count)d films found no place in the timetable.",
            count,
        ),
        "no_timetable": _("No timetable was found: %(why)s"),
        "awards_refused": _("The awards could not be given: %(why)s"),
        "premiere_refused": _("The premiere could not be planned: %(why)s"),
        **team_words.sentences(count),
    }
    return texts[warning["code"]] % values_of(warning)


def proposal(warning: Row) -> str:
    """What could be done about it."""
    texts = {
        "not_taken": _taken_by(warning.get("reason", "")),
        "left_fixing": _("Make the time for mending longer, or write to the makers before it ends."),
        "left_draft": _("Remind the makers of drafts a week and a day before the deadline."),
        "doubles": _(
            "Name a technician who decides within a day, and say in the rules what counts as a double."
        ),
        "rush": _("Start more workers for the last days, or close the tracks on different days."),
        "long_queue": _("%(enough)d workers have nearly all films inspected within %(soon).0f hours."),
        "page_slow": _("Use PostgreSQL and a faster machine, or start more web workers."),
        "page_failed": _("Open the page as that person and read the server’s log."),
        "round_refused": _("Change the setup of the round, and rehearse again."),
        "too_long": _("Name more judges, give them longer, or ask for fewer looks at each entry."),
        "too_long_to_vote": _(
            "Give the jury longer, or let fewer entries come before it: everybody sees all."
        ),
        "no_hours": _("Name more judges, ask them for more hours, or ask for fewer looks at each entry."),
        "unserved": _("Name more judges, of other languages and without conflicts."),
        "pending": _("Remind judges earlier, or end the round some days after their deadline."),
        "replaced": _("Name some judges more than are needed: they take over from those who stop."),
        "tied": _("Ask for one look more at each entry, or set a tie rule before the round opens."),
        "no_cut": _("Make the cut smaller, or leave the round out."),
        "few_found": _("Ask for more looks at each entry, or let more go on."),
        "vacant": _("Loosen the rules of these awards, or let the jury name more for them."),
        "no_quorum": _("Leave votes open for some days, or name more members of the meeting."),
        "not_placed": _("Add hours or days to the halls, or show fewer films."),
        "no_timetable": _("Look at copies, lengths of programmes, and hours of halls."),
        "awards_refused": _("Look at the rules of the awards and at the dates of notice and announcement."),
        "premiere_refused": _("Look at halls, hours and the days of the premieres."),
        **team_words.proposals(),
    }
    return texts[warning["code"]] % values_of(warning)


def _taken_by(reason: str) -> str:
    """What would have them taken, by the code of the refusal."""
    texts = {
        "call_not_open": _("Say in every announcement on which day the call opens."),
        "track_full": _("Say from the start that places are few, or give the track more."),
        **dict.fromkeys(
            ("too_many", "too_many_in_track", "entered_already", "entered_in_track"),
            _("Say in the call how many entries one person may send, or take more from each."),
        ),
        **dict.fromkeys(
            ("call_closed", "track_closed", "fix_window_over"),
            _("Say the deadline with its clock in every reminder, or give a longer grace."),
        ),
    }
    return texts.get(reason) or _("Say the rule in the call, and beside the field of the form.")


def page_name(key: str) -> str:
    """A page that was asked."""
    names = {
        "overview": _("Overview"),
        "entries": _("Entries"),
        "search": _("Search among the entries"),
        "inspections": _("Inspections"),
        "jury": _("A judge’s home"),
        "queue": _("A judge’s list"),
        "round": _("Round, as the chair sees it"),
        "awards": _("Awards"),
        "premiere": _("Premiere, at the desk"),
        "front": _("Front page"),
        "laureates": _("Laureates"),
        "programme": _("Programme"),
        "teams": _("A cohort, at the desk"),
        "milestones": _("Milestones of all teams"),
        "support": _("Support"),
        "team": _("A team’s page"),
    }
    return names.get(key, key)


def left_out(row: Row) -> str:
    """A part of the blueprint that was not rehearsed."""
    names = {
        "prize_pool": _("Prize pool: nothing of it was shared out"),
        "questions": _("Questions of the entry form: nobody answered them"),
        "wild_cards": _("Wild cards: none was played"),
        "audience": _("The audience’s vote: its awards went by the last standing"),
        "notices": _("Public notice: nobody objected"),
    }
    return names.get(row["code"], row["code"])
