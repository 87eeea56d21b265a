"""The time plan in sentences."""

from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.kit.words import joined
from judging.time_plan import HOUR, TimePlan


def hours(seconds: float) -> str:
    """Hours as one speaks of them: whole ones, tenths below ten; below one hour minutes, rounded up."""
    if 0 < seconds < HOUR:
        minutes = ceil(seconds / 60)
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    number = seconds / HOUR
    text = f"{number:,.0f}" if number >= 10 or number == int(number) else f"{number:.1f}"
    return ngettext("%(hours)s hour", "%(hours)s hours", 1 if text == "1" else 2) % {"hours": text}


def summary(plan: TimePlan) -> str:
    """What is to be watched, by how many, in how many days, and what they have stated."""
    if not plan.judges:
        return _("There are no judges yet, so nothing can be planned.")
    judges = ngettext("%(count)d judge", "%(count)d judges", plan.judges) % {"count": plan.judges}
    if not plan.days:
        return _(
            "%(needed)s of judging, %(judges)s: %(each)s each. No days of the jury are left on the calendar."
        ) % {
            "needed": hours(plan.needed),
            "judges": judges,
            "each": hours(plan.each),
        }
    days = ngettext("%(count)d day", "%(count)d days", len(plan.days)) % {"count": len(plan.days)}
    first = _("%(needed)s of judging, %(judges)s: %(each)s each in %(days)s.") % {
        "needed": hours(plan.needed),
        "judges": judges,
        "each": hours(plan.each),
        "days": days,
    }
    if plan.unstated == plan.judges:
        return joined(first, _("Nobody has stated hours yet."))
    return joined(first, _("Stated: %(stated)s each.") % {"stated": hours(plan.stated_each)})


def warnings(plan: TimePlan) -> list[str]:
    """What does not add up, and what to do about it. Nothing when it does."""
    said = []
    if not plan.judges or not plan.needed:
        return said
    if plan.missing and plan.days and plan.unstated < plan.judges:
        said.append(
            _("Missing: %(hours)s. More judges, fewer looks, or a screening first.")
            % {"hours": hours(plan.missing)}
        )
    if plan.unstated:
        text = ngettext(
            "%(count)d judge has not stated any hours and counts with none.",
            "%(count)d judges have not stated any hours and count with none.",
            plan.unstated,
        )
        said.append(text % {"count": plan.unstated})
    if plan.fits and plan.short:
        names = ", ".join(plan.short[:5]) + (" …" if len(plan.short) > 5 else "")
        text = ngettext(
            "%(names)s has stated less than an equal share; others have to watch more.",
            "%(names)s have stated less than an equal share; others have to watch more.",
            len(plan.short),
        )
        said.append(text % {"names": names})
    return said
