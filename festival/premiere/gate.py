"""Refuses a change that brings what the edition says must not be: findings of the level "refuse the change"."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.premiere import checks
from festival.premiere.check_words import said
from festival.premiere.models import Checklist, Item, Screening


def gated[**P, R](action: Callable[P, R]) -> Callable[P, R]:
    """Of an action on `screening=` or `item=` that gives a screening or an item, or nothing.

    What was wrong before may stay: whoever mends a timetable step by step is not stopped half way. Stands inside the
    action's transaction.
    """

    @wraps(action)
    def inner(*args: P.args, **given: P.kwargs) -> R:
        screening = _screening_of(given)
        edition_id = screening.edition_id if screening else given["edition"].pk  # type: ignore[attr-defined]
        kept = Checklist.objects.filter(edition=edition_id).values_list("levels", flat=True).first() or {}
        if checks.Level.BLOCK not in kept.values():
            return action(*args, **given)
        before = {_key(one) for one in _blocking(screening)} if screening else set()
        done = action(*args, **given)
        fresh = screening or cast(Screening, done)
        new = [one for one in _blocking(fresh) if _key(one) not in before]
        if new:
            raise Refused(
                _("This edition refuses it: %(what)s") % {"what": said(new[0], fresh.edition.time_zone)},
                code=f"gate_{new[0].kind}",
            )
        return done

    return inner


def _screening_of(given: Any) -> Screening | None:
    if "screening" in given:
        return cast(Screening, given["screening"])
    item: Item | None = given.get("item")
    return item.screening if item else None


def _blocking(screening: Screening) -> list[checks.Finding]:
    found = checks.check(screening.edition, only=screening.code)
    return [one for one in found if one.level == checks.Level.BLOCK]


def _key(finding: checks.Finding) -> tuple[str, str, int, int, str]:
    values = finding.values
    film, guest = values.get("film"), values.get("guest")
    return (
        finding.kind,
        finding.code,
        film.pk if film else 0,
        guest.pk if guest else 0,
        values.get("other_code", ""),
    )
