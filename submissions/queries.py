"""Reads of entries that matter."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from festival.catalogue.models import Film
from festival.edition.models import Edition
from festival.people.actor import Actor
from festival.people.models import User
from festival.people.roles import Role
from submissions.correction_queries import with_corrections
from submissions.models import (
    Attachment,
    Credit,
    CreditInvitation,
    Entry,
    FilmVersion,
    Inspection,
    OnlineShowing,
    SubtitleFile,
)
from submissions.question_queries import prefetches


def visible_to(actor: Actor) -> QuerySet[Entry]:
    """The set of which `permissions.can_see` is the predicate."""
    if not actor.known:
        return Entry.objects.none()
    desk = Q(edition_id__in=actor.editions(Role.TECHNICIAN), submitted_at__isnull=False)
    return Entry.objects.filter(Q(entrant_id=actor.id) | Q(pk__in=_named(actor)) | desk)


def _named(actor: Actor) -> QuerySet[Credit]:
    """Ids of the entries in whose credits the account agreed to be named."""
    said_yes = {"invitation__user_id": actor.id, "invitation__state": CreditInvitation.State.ACCEPTED}
    return Credit.objects.filter(**said_yes).order_by().values("entry_id")


def named_in(actor: Actor, edition: Edition) -> QuerySet[Credit]:
    """Ids of the entries of an edition in whose credits the account agreed to be named."""
    return _named(actor).filter(entry__edition=edition).values_list("entry_id", flat=True)


def of_co_author(actor: Actor) -> QuerySet[Entry]:
    """Entries of others in whose credits the account agreed to be named, with edition, track and entrant."""
    others = Entry.objects.filter(pk__in=_named(actor)).exclude(entrant_id=actor.id)
    return others.select_related("edition", "track", "entrant")


def made_by(account: int, codes: Collection[str]) -> set[str]:
    """The codes of those entries that the account entered, or in whose credits it agreed to be named. One query."""
    named = {
        "credits__invitation__user_id": account,
        "credits__invitation__state": CreditInvitation.State.ACCEPTED,
    }
    rows = Entry.objects.filter(Q(entrant_id=account) | Q(**named), code__in=codes)
    return set(rows.values_list("code", flat=True))


def co_authors_of(entry_ids: Iterable[int] | QuerySet[Entry]) -> dict[int, list[int]]:
    """Ids of the accounts that agreed to be named, by entry; without the entrants. One query.

    `entry_ids` may be a query of them.
    """
    rows = Credit.objects.filter(
        entry_id__in=entry_ids if isinstance(entry_ids, QuerySet) else list(entry_ids),
        invitation__state=CreditInvitation.State.ACCEPTED,
        invitation__user__isnull=False,
    ).exclude(invitation__user=F("entry__entrant"))
    found: dict[int, list[int]] = {}
    for entry, user in rows.order_by("entry_id", "position").values_list("entry_id", "invitation__user_id"):
        found.setdefault(entry, []).append(user)
    return found


def makers_by_code(codes: Collection[str]) -> dict[str, list[int]]:
    """By code of an entry its entrant and the co-authors who agreed, while their accounts are open. Three queries."""
    entries = list(Entry.objects.filter(code__in=list(codes)).values_list("pk", "code", "entrant_id"))
    others = co_authors_of([pk for pk, _code, _entrant in entries])
    found = {code: [entrant, *others.get(pk, ())] for pk, code, entrant in entries}
    asked = {user for users in found.values() for user in users}
    open_ = set(User.objects.filter(pk__in=asked, is_active=True).values_list("pk", flat=True))
    return {code: [user for user in users if user in open_] for code, users in found.items()}


def with_credits() -> Prefetch:
    """The credits with what co-authors answered."""
    return Prefetch("credits", Credit.objects.select_related("invitation").order_by("position"))


def latest_inspection(outer: str = "pk") -> Subquery:
    """Id of the newest inspection of an entry's newest film version, for annotating entries."""
    newest = Inspection.objects.filter(version__entry_id=OuterRef(outer)).order_by("-version__number", "-pk")
    return Subquery(newest.values("pk")[:1])


def newest_inspections(edition: Edition, *, submitted: bool = False) -> QuerySet[Inspection]:
    """The newest inspection of each entry's newest film, numbered in one pass over the table; drafts included, unless
    only `submitted` entries are asked for: cheaper here than where the rows are used.
    """
    place = Window(
        RowNumber(),
        partition_by=F("version__entry_id"),
        order_by=[F("version__number").desc(), F("pk").desc()],
    )
    rows = Inspection.objects.filter(version__entry__edition=edition).order_by()
    if submitted:
        rows = rows.filter(version__entry__submitted_at__isnull=False)
    return rows.annotate(place=place).filter(place=1)


def without_reports(inspections: QuerySet[Inspection]) -> QuerySet[Inspection]:
    """For lists: of all that a report holds, only `seconds`. A page of whole ones is megabytes of curves and cuts."""
    return inspections.defer("report", "glance")


def with_inspection(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Entries with `inspection_id`: fetch the rows with `inspections_of`, in one query for a whole page."""
    return entries.annotate(inspection_id=latest_inspection())


def inspections_of(entries: list[Entry], *, reports: bool = False) -> dict[int, Inspection]:
    """The newest inspection by entry id, for entries that came through `with_inspection`; `reports`: whole."""
    ids = [entry.inspection_id for entry in entries if getattr(entry, "inspection_id", None)]
    rows = Inspection.objects.filter(pk__in=ids).select_related("version")
    if not reports:
        rows = without_reports(rows)
    return {row.version.entry_id: row for row in rows}


def of_entrant(actor: Actor) -> QuerySet[Entry]:
    """An account's own entries, with what a list needs to say where each stands."""
    return with_inspection(with_form(Entry.objects.filter(entrant_id=actor.id)))


def with_form(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """For many drafts: with all that `completeness.gaps` reads."""
    rows = entries.select_related("edition", "track")
    rows = rows.prefetch_related("versions__upload", "events", "tool_uses", *prefetches())
    rows = rows.prefetch_related(with_credits(), "credit_declarations")
    return rows.prefetch_related("attachments__wording", "consents", "edition__declarations")


def public_codes(entries: list[Entry]) -> set[str]:
    """Codes of those entries whose film the festival shows: announced, or in a released screening. One query."""
    shown = Film.objects.filter(source__in=[entry.code for entry in entries], published_at__isnull=False)
    return set(shown.values_list("source", flat=True))


def for_page(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """An entry with everything its page shows: versions with inspections, subtitles, events, edition and track."""
    inspections = Prefetch("inspections", Inspection.objects.order_by("-pk"))
    versions = Prefetch(
        "versions",
        FilmVersion.objects.order_by("-number")
        .select_related("upload", "asset")
        .prefetch_related(inspections),
    )
    subtitles = Prefetch("subtitle_files", SubtitleFile.objects.select_related("asset"))
    whole = entries.select_related("edition", "track", "entrant")
    rows = whole.prefetch_related(versions, subtitles, "events__actor", "tool_uses")
    rows = rows.prefetch_related(with_credits(), "credit_declarations", *prefetches())
    attachments = Prefetch(
        "attachments", Attachment.objects.select_related("asset", "declaration", "wording")
    )
    rows = rows.prefetch_related(attachments, "consents__wording", "consents__by", "edition__declarations")
    counts = OnlineShowing.objects.filter(entry=OuterRef("pk"), until__isnull=True)
    rows = rows.annotate(online_showing=Subquery(counts.values("what")[:1]))
    return rows.prefetch_related(with_corrections())


def judge_copies(entry_ids: list[int] | QuerySet[Any]) -> dict[int, tuple[str, float]]:
    """Storage key of the judge copy and running time in seconds, by entry, of the newest finished inspection.

    `entry_ids`: the entries' numbers, or a query for them. One query.
    """
    rows = (
        Inspection.objects.filter(version__entry_id__in=entry_ids, state=Inspection.State.DONE)
        .exclude(copy_key="")
        .order_by("version__number", "pk")
        .values_list("version__entry_id", "copy_key", "length")
    )
    return {entry: (key, float(seconds or 0)) for entry, key, seconds in rows}
