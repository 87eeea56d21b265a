"""A round in words: by which rules it goes, what was changed in it, what an organiser should know before opening."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from festival.edition.models import Edition
from festival.kit.words import say
from judging import queries
from judging.logic.standing import plain
from judging.models import Round, RoundChange
from submissions.credit_gaps import listed

FEW_LOOKS = 5  # below it a median or a trimmed mean chooses worse than the plain mean
LABELS = {
    "name": gettext_lazy("What it is called"),
    "gate": gettext_lazy("Gate"),
    "after": gettext_lazy("Takes its films from"),
    "cohort": gettext_lazy("Takes the teams of the cohort"),
    "looks_per_film": gettext_lazy("Looks per film"),
    "scale": gettext_lazy("Scale"),
    "official_rule": gettext_lazy("Official rule"),
    "decides": gettext_lazy("Which standing decides"),
    "pass_rule": gettext_lazy("A film passes when"),
    "pass_least": gettext_lazy("How many must say pass"),
    "most_nominations": gettext_lazy("Nominations of each judge"),
    "ballot": gettext_lazy("How the jury votes"),
    "ballot_points": gettext_lazy("Most points for one film"),
    "quorum": gettext_lazy("Ballots needed"),
    "cut_kind": gettext_lazy("Who goes on"),
    "cut_value": gettext_lazy("Value of the cut"),
    "tie_criterion": gettext_lazy("Criterion that decides ties"),
    "tie_last": gettext_lazy("What decides ties last"),
    "jury": gettext_lazy("Who judges"),
    "reopened": gettext_lazy("Reopened for further looks"),
    "blind": gettext_lazy("Names hidden until scored"),
    "overhead_seconds": gettext_lazy("Seconds per film beyond its length"),
    "reading_minutes": gettext_lazy("Minutes to read a project"),
    "adaptive": gettext_lazy("Further looks where they decide something"),
    "most_looks": gettext_lazy("Most looks of one film"),
    "looks_budget": gettext_lazy("Looks of the round, all together"),
    "second_look": gettext_lazy("Second look below the line"),
    "wild_cards": gettext_lazy("Wild cards"),
    "expects": gettext_lazy("Films expected"),
    "expects_judges": gettext_lazy("Judges expected"),
}
CHOICES: Mapping[str, Any] = {
    "gate": Round.Gate,
    "official_rule": Round.Official,
    "decides": Round.Decides,
    "pass_rule": Round.PassRule,
    "ballot": Round.Ballot,
    "cut_kind": Round.Cut,
    "tie_last": Round.TieLast,
}


def warnings(round: Round) -> list[str]:
    """What the measurements say against a plan, in sentences."""
    said = []
    if round.gate == Round.Gate.SCORE and round.looks_per_film < FEW_LOOKS:
        if round.official_rule == Round.Official.MEDIAN:
            said.append(
                _(
                    "With fewer than five looks the median chooses worse than the plain mean: in trials with known "
                    "truth, three looks and 55 places among 10,000 films it found 12 of 100 of the best, the mean 25."
                )
            )
        if round.official_rule == Round.Official.TRIMMED_MEAN:
            said.append(
                _(
                    "With fewer than five looks a mean without the highest and the lowest throws away most of what "
                    "the judges gave, and chooses worse than the plain mean: of three looks it leaves the median."
                )
            )
    if round.gate == Round.Gate.SCORE and (round.scale_max - round.scale_min) / round.scale_step < 15:
        said.append(
            _(
                "On a scale of whole marks many films are tied at the line: some 58 at place 55 of 10,000 films with "
                "three looks. Half marks leave 20, a scale to 100 few."
            )
        )
    if round.gate == Round.Gate.SCORE and round.adaptive and round.decides == Round.Decides.OFFICIAL:
        said.append(
            _(
                "Where looks are given adaptively, an adjusted standing should decide: films near the line have more "
                "looks than others, and a plain mean of few, high by chance, stays above a better film that was looked "
                "at often. In trials it then found 43 of 100 of the best, the adjusted standing 63 to 71."
            )
        )
    if round.gate == Round.Gate.SCORE and round.looks_per_film == 1:
        said.append(_("With one look, a single strict judge ends a film."))
    asked = round.pass_least if round.pass_rule == Round.PassRule.AT_LEAST else 1
    if round.gate == Round.Gate.PASS_FAIL and asked > round.looks_per_film:
        said.append(_("More passes are asked for than each film gets looks: nothing can pass."))
    if round.gate == Round.Gate.BALLOT and round.quorum > len(queries.jury_of(round)):
        said.append(_("More ballots are asked for than the jury has members: the round could not be closed."))
    return said + _jury_warnings(round)


def _jury_warnings(round: Round) -> list[str]:
    """The plan reckons with another number of judges than would judge the round as it stands."""
    if not round.expects_judges or round.state != Round.State.PLANNED or round.gate == Round.Gate.PANEL:
        return []
    values = {"expected": round.expects_judges, "jury": len(queries.jury_of(round))}
    if values["jury"] > values["expected"] and not queries.named_for(round):
        text = _(
            "The plan reckons with %(expected)s judges, but nobody is named for this round: all %(jury)s judge it. "
            "Name those who do."
        )
        return [text % values]
    if 0 < values["jury"] < values["expected"]:
        return [_("The plan reckons with %(expected)s judges; so far %(jury)s would judge.") % values]
    return []


def cut_words(kind: str, value: Any, *, reads: bool = False) -> str:
    """A cut's rule in a sentence; `reads`: of projects."""
    number = "" if value is None else plain(value)
    if reads and kind:
        return _cut_of_projects(kind, value, number)
    if kind in ("count", "ballot"):
        whole = int(value)
        text = ngettext("the first %(count)d film", "the first %(count)d films", whole)
        return text % {"count": whole}
    if kind == "share":
        return _("the first %(value)s%% of the films") % {"value": number}
    if kind == "score":
        return _("every film from %(value)s") % {"value": number}
    if kind == "probability":
        return _("every film that is above the line with at least %(value)s%%") % {"value": number}
    if kind == "passed":
        return _("every film that passes")
    if kind == "nominated":
        whole = int(value)
        text = ngettext(
            "every film with %(count)d nomination or more",
            "every film with %(count)d nominations or more",
            whole,
        )
        return text % {"count": whole}
    return _("not decided yet")


def _cut_of_projects(kind: str, value: Any, number: str) -> str:
    if kind in ("count", "ballot"):
        whole = int(value)
        return ngettext("the first %(count)d project", "the first %(count)d projects", whole) % {
            "count": whole
        }
    if kind == "share":
        return _("the first %(value)s%% of the projects") % {"value": number}
    if kind == "score":
        return _("every project from %(value)s") % {"value": number}
    if kind == "probability":
        return _("every project that is above the line with at least %(value)s%%") % {"value": number}
    if kind == "passed":
        return _("every project that passes")
    whole = int(value)
    text = ngettext(
        "every project with %(count)d nomination or more",
        "every project with %(count)d nominations or more",
        whole,
    )
    return text % {"count": whole}


def pass_words(round: Round) -> str:
    """When a film passes a screening."""
    if round.pass_rule == Round.PassRule.AT_LEAST:
        text = ngettext("when %(count)d judge says pass", "when %(count)d judges say pass", round.pass_least)
        return text % {"count": round.pass_least}
    if round.pass_rule == Round.PassRule.ALL:
        return _("when everybody says pass")
    return _("when more say pass than fail")


def change_label(what: str, before: Any, after: Any) -> str:
    """What was changed."""
    kind, _colon, _key = what.partition(":")
    if kind in ("criterion", "panel"):
        name = say(((after or before) or {}).get("name"))
        text = _("Criterion “%(name)s”") if kind == "criterion" else _("Panel “%(name)s”")
        return text % {"name": name}
    return str(LABELS.get(what, what))


def value_words(what: str, value: Any) -> str:
    """A setting as the record keeps it, in words."""
    if value is None:
        return _("as the edition says") if what == "blind" else "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if what == "reopened":
        return _reopened_words(value)
    if what in CHOICES:
        return str(CHOICES[what](value).label)
    if what == "name":
        return say(value)
    if what == "scale":
        return _("%(low)s to %(high)s in steps of %(step)s") % dict(
            zip(("low", "high", "step"), value, strict=True)
        )
    if isinstance(value, dict) and "weight" in value:
        parts = [f"{say(value['name'])}, {value['weight']}%", say(value["about"])]
        parts += [f"{anchor['value']}: {say(anchor['text'])}" for anchor in value["anchors"]]
        return " · ".join(part for part in parts if part)
    if isinstance(value, dict):
        judges = value.get("judges", ())
        judges = judges if isinstance(judges, int) else len(judges)
        return ngettext("%(count)d judge", "%(count)d judges", judges) % {"count": judges}
    return str(value)


def _reopened_words(value: Mapping[str, int]) -> str:
    if "standing" in value:
        return _("closed, with standing no. %(number)d") % {"number": value["standing"]}
    looks = ngettext("%(count)d further look", "%(count)d further looks", value["looks"])
    return looks % {"count": value["looks"]}


def changes_of(round: Round) -> list[dict[str, Any]]:
    """The changes since the round opened, newest first, in the reader's language. One query."""
    return [_said(row) for row in round.changes.select_related("by")]


def changes_by_round(edition: Edition) -> dict[int, list[dict[str, Any]]]:
    """The same for all rounds of an edition. One query."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in RoundChange.objects.filter(round__edition=edition).select_related("by"):
        found.setdefault(row.round_id, []).append(_said(row))
    return found


def change_words(what: str, before: Any, after: Any) -> tuple[str, str, str]:
    """What was changed, from what, to what."""
    gone = after is None and ":" in what
    return (
        change_label(what, before, after),
        value_words(what, before),
        _("taken away") if gone else value_words(what, after),
    )


def _said(row: RoundChange) -> dict[str, Any]:
    label, before, after = change_words(row.what, row.before, row.after)
    return {
        "label": label,
        "before": before,
        "after": after,
        "reason": row.reason,
        "by": row.by,
        "at": row.at,
    }


def who_judges(named: Collection[int], jury: Mapping[int, str]) -> str:
    """Everybody in the jury, or those who are named for a round. `jury`: the accounts who judge it, with names."""
    if not named:
        return _("Everybody in the jury")
    return listed(list(jury.values())) or _("Nobody: those who were named have left the jury.")
