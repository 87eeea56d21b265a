"""Reads of letters: what somebody was told, what an edition sent, in which words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from festival.edition.models import Edition
from festival.people.actor import Actor
from festival.post.models import Mailing, Notice, Template

State = Notice.State
OUT = (State.SENT, State.FAILED, State.MUTED)
TOLD = Q(mailing=None) | Q(state__in=OUT)  # what the account itself reads; letters to many when they are out


def with_words(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """With everything that `words.render` reads."""
    return notices.select_related("user", "edition", "template", "mailing")


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """What was told to the account, newest first. A letter to many stands there once it went out."""
    return with_words(told(actor))


def told(actor: Actor) -> QuerySet[Notice]:
    """The same without the words, for counting and marking."""
    if not actor.known:
        return Notice.objects.none()
    return Notice.objects.filter(TOLD, user_id=actor.id)


def count_unread(actor: Actor) -> int:
    """Notices not read yet; nothing is asked for a stranger."""
    return told(actor).filter(read_at__isnull=True).count() if actor.known else 0


def editions_of(actor: Actor) -> QuerySet[Edition]:
    """The editions that wrote to the account."""
    return Edition.objects.filter(pk__in=told(actor).order_by().values("edition_id"))


def templates_of(edition: Edition) -> dict[str, Template]:
    """The newest text of each kind for which the edition ever had one of its own, with who wrote it."""
    newest: dict[str, Template] = {}
    for row in Template.objects.filter(edition=edition).select_related("by").order_by("number"):
        newest[row.kind] = row
    return newest


def template_for(edition_id: int, kind: str) -> Template | None:
    """The text in which a letter of this kind is written now; None for the site's own."""
    rows = Template.objects.filter(edition_id=edition_id, kind=kind).order_by("-number")
    newest = rows.first()
    return newest if newest and newest.own else None


def templates_for(pairs: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Template]:
    """The same for many pairs of edition and kind, in one query."""
    asked = set(pairs)
    if not asked:
        return {}
    rows = Template.objects.filter(
        edition_id__in={edition for edition, _kind in asked}, kind__in={kind for _edition, kind in asked}
    )
    newest = {(row.edition_id, row.kind): row for row in rows.order_by("number")}
    return {pair: row for pair, row in newest.items() if pair in asked and row.own}


def mailings_of(edition: Edition) -> QuerySet[Mailing]:
    """Letters to many, newest first."""
    return Mailing.objects.filter(edition=edition).select_related("track", "by")


@dataclass(frozen=True, slots=True)
class Counts:
    """The letters of a mailing by what became of them."""

    held: int = 0
    struck: int = 0
    waiting: int = 0
    sending: int = 0
    sent: int = 0
    failed: int = 0
    muted: int = 0

    @property
    def all(self) -> int:
        """Everybody it goes to."""
        return self.held + self.waiting + self.sending + self.sent + self.failed + self.muted

    @property
    def done(self) -> int:
        return self.sent + self.failed + self.muted

    @property
    def left(self) -> int:
        return self.waiting + self.sending


def counts_of(mailings: Iterable[Mailing]) -> dict[int, Counts]:
    """By the id of the mailing, in one query."""
    ids = [mailing.pk for mailing in mailings]
    found: dict[int, dict[str, int]] = {pk: {} for pk in ids}
    rows = Notice.objects.filter(mailing_id__in=ids).order_by().values_list("mailing_id", "state")
    for pk, state, count in rows.annotate(Count("pk")):
        found[pk][state] = count
    return {pk: Counts(**by_state) for pk, by_state in found.items()}


def letters_of(mailing: Mailing, *, state: str = "", search: str = "") -> QuerySet[Notice]:
    """The letters of a mailing, by name; by the beginning of an address or of a name when `search` is given."""
    rows = Notice.objects.filter(mailing=mailing).select_related("user").order_by("pk")
    if state:
        rows = rows.filter(state=state)
    return _addressed(rows, search)


def automatic(edition: Edition, *, kind: str = "", state: str = "", search: str = "") -> QuerySet[Notice]:
    """The letters that the edition wrote by itself, newest first."""
    rows = Notice.objects.filter(edition=edition, mailing=None).select_related("user")
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    return _addressed(rows, search)


def _addressed(rows: QuerySet[Notice], search: str) -> QuerySet[Notice]:
    if not search:
        return rows
    return rows.filter(Q(user__email__startswith=search.lower()) | Q(user__name__istartswith=search))
