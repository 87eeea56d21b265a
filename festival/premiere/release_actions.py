"""Writes of versions: releases for the public, drafts beside the table, and the way back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.catalogue.actions import publish
from festival.catalogue.models import Film
from festival.catalogue.registry import makers_of
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.kit.words import say
from festival.people.actor import Actor
from festival.post.actions import notify_many
from festival.post.models import Notice
from festival.premiere import checks, journal, permissions, snapshots
from festival.premiere.change_words import in_both, words_for
from festival.premiere.check_words import said
from festival.premiere.differences import differences
from festival.premiere.models import Change, Checklist, Draft, Release, Screening
from festival.premiere.programme.codec import to_json
from festival.premiere.publishing import digest_of, programme_of, to_release

NAME_MAX = 120


@transaction.atomic
def make_release(
    *, edition: Edition, note: dict[str, str], by: Actor, at: datetime, back_to: int | None = None
) -> Release:
    """Give the public the timetable as it is, without what is held back, as the next version.

    Refused when nothing has changed, or a check stops it (`checks`). What the public knew and is cancelled stays in
    the programme as cancelled. Whoever made a film whose screening is new, changed or cancelled gets a letter.
    """
    edition = _hold(edition, by)
    rows = to_release(edition)
    _assert_fits(edition, rows)
    last = Release.objects.filter(edition=edition).first()
    # What was never public and is cancelled already is nobody's news.
    rows = [row for row in rows if row.released_at or not row.cancelled_at]
    document = {"screenings": [snapshots.row_of(row) for row in rows]}
    changes = differences(last.document["screenings"] if last else (), document["screenings"])
    if not changes and not (last is None and rows):
        raise Refused(_("Nothing has changed since the last release."), code="same")
    _count(rows, {change["code"] for change in changes}, at)
    words = words_for(edition)
    number = last.number + 1 if last else 1
    note = {language: text.strip() for language, text in note.items() if text.strip()}
    told = in_both(words, changes) if last else {}
    programme = programme_of(edition, rows, number=number, at=at, changes=note or told)
    release = Release.objects.create(
        edition=edition,
        number=number,
        at=at,
        by=by.user,
        note=note,
        document=snapshots.take(edition),
        programme=to_json(programme),
        digest=digest_of(programme),
        changes=changes,
        back_to=back_to,
    )
    shown = [row.pk for row in rows if not row.cancelled_at]
    publish(films=Film.objects.filter(showings__screening__in=shown).distinct(), at=at)
    _tell_makers(edition, changes, at)
    return release


def _hold(edition: Edition, by: Actor) -> Edition:
    """The edition's row, held: versions come one after the other."""
    held = Edition.objects.select_for_update().get(pk=edition.pk)
    if not permissions.can_programme(by, held):
        raise Refused(_("Only an organiser changes the programme."), status=403)
    return held


def _assert_fits(edition: Edition, rows: Iterable[Screening]) -> None:
    titles = {row.code: say(row.title) for row in rows}
    stops = [one for one in checks.check(edition) if one.level != checks.Level.WARN and one.code in titles]
    if stops:
        first = stops[0]
        raise Refused(
            ngettext(
                "One thing stops the release. “%(title)s”: %(what)s",
                "%(count)d things stop the release. The first, “%(title)s”: %(what)s",
                len(stops),
            )
            % {"count": len(stops), "title": titles[first.code], "what": said(first, edition.time_zone)},
            code=f"check_{first.kind}",
        )


def _count(rows: Iterable[Screening], changed: set[str], at: datetime) -> None:
    """The calendar's numbers: a released change makes the sequence grow; what is new begins at 0."""
    fresh = []
    for row in rows:
        if row.released_at is None:
            row.released_at, row.sequence, row.updated_at = at, 0, at
        elif row.code in changed:
            row.sequence, row.updated_at = row.sequence + 1, at
        else:
            continue
        fresh.append(row)
    Screening.objects.bulk_update(fresh, ["released_at", "sequence", "updated_at"], batch_size=200)


def _tell_makers(edition: Edition, changes: list[dict[str, Any]], at: datetime) -> None:
    """One letter for each film and person, with all that is new about its screenings."""
    lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for change in changes:
        out = {film for one in change["what"] if one["kind"] == "film_out" for film in one["films"]}
        for code in dict.fromkeys((*change["films"], *out)):
            if said := _of_film(change, code):
                lines[code].append(said)
    films = Film.objects.filter(edition=edition, code__in=lines).exclude(source="")
    by_source = {film.source: film for film in films}
    makers = makers_of(by_source)
    words = words_for(edition)
    texts = {code: in_both(words, said, places=True) for code, said in lines.items()}
    notify_many(
        notices=[
            Notice(
                user_id=user,
                edition=edition,
                kind="screening_news",
                path=reverse("premiere:programme", args=[edition.slug]),
                created_at=at,
                values={"title": film.title, "code": source, "showings": texts[film.code]},
            )
            for source, film in by_source.items()
            for user in makers.get(source, ())
        ]
    )


def _of_film(change: Mapping[str, Any], code: str) -> dict[str, Any] | None:
    """What of a change its makers are told: whether, when and where it runs; not what else runs with it."""
    what = []
    for one in change["what"]:
        if one["kind"] in ("film_in", "film_out"):
            if code not in one["films"]:
                continue
            place = one["films"].index(code)
            what.append({**one, "names": [one["names"][place]]})
        elif one["kind"] in ("added", "gone", "cancelled", "reinstated", "time", "hall"):
            what.append(one)
    return {**change, "what": what} if what else None


@transaction.atomic
def keep_draft(*, edition: Edition, name: str, by: Actor, at: datetime) -> Draft:
    """Keep the timetable as it is beside the table, under a name."""
    edition = _hold(edition, by)
    name = " ".join(name.split())[:NAME_MAX]
    if not name:
        raise Refused(_("Give the draft a name."), status=400, code="name")
    return _keep(edition, name, Draft.Origin.KEPT, by, at)


def _keep(edition: Edition, name: str, origin: str, by: Actor, at: datetime) -> Draft:
    return Draft.objects.create(
        edition=edition, name=name, origin=origin, at=at, by=by.user, document=snapshots.take(edition)
    )


@transaction.atomic
def use_draft(*, draft: Draft, by: Actor, at: datetime) -> snapshots.PutBack:
    """Put a draft on the table. What lay there is kept as a draft first; the public sees nothing of it."""
    edition = _hold(draft.edition, by)
    _keep(edition, _("Before “%(name)s”") % {"name": draft.name}, Draft.Origin.BEFORE, by, at)
    lost = snapshots.put(edition, draft.document, at=at)
    journal.write(edition=edition, kind=Change.Kind.WHOLE, code="", before=None, after=None, by=by, at=at)
    return lost


@transaction.atomic
def delete_draft(*, draft: Draft, by: Actor) -> None:
    """Throw a draft away."""
    _hold(draft.edition, by)
    draft.delete()


@transaction.atomic
def go_back(*, release: Release, note: dict[str, str], by: Actor, at: datetime) -> Release:
    """Make the version that the public had before the one in force again, as a new one.

    What lay on the table is kept as a draft. Screenings that came later and are public already are cancelled.
    """
    edition = _hold(release.edition, by)
    if not Release.objects.filter(edition=edition, number__gt=release.number).exists():
        raise Refused(_("This version is the one in force."), code="same")
    name = _("Before going back to version %(number)d") % {"number": release.number}
    _keep(edition, name, Draft.Origin.BEFORE, by, at)
    snapshots.put(edition, release.document, at=at)
    journal.write(edition=edition, kind=Change.Kind.WHOLE, code="", before=None, after=None, by=by, at=at)
    return make_release(edition=edition, note=note, by=by, at=at, back_to=release.number)


@transaction.atomic
def set_levels(*, edition: Edition, levels: Mapping[str, str], by: Actor) -> None:
    """Say how much each thing counts that does not fit; what is as it comes is not kept."""
    edition = _hold(edition, by)
    kept = {kind: level for kind, level in levels.items() if checks.LEVELS[kind] != level}
    Checklist.objects.update_or_create(edition=edition, defaults={"levels": kept})


@transaction.atomic
def hold_back(*, screening: Screening, held: bool, by: Actor, at: datetime) -> None:
    """Leave a screening out of the next releases, or let it go out. Refused once the public knows it."""
    _hold(screening.edition, by)
    fresh = Screening.objects.select_for_update().get(pk=screening.pk)
    if held and fresh.released_at:
        raise Refused(_("The public knows this screening. Cancel it instead, with a reason."), code="public")
    fresh.held, fresh.updated_at = held, at
    fresh.revision += 1
    fresh.save(update_fields=["held", "updated_at", "revision"])
