"""Reads of conflicts: who must not judge what, and why. All in sets: as many queries for ten thousand films as for one.

What is found in names is found anew each time, so that a late film or a corrected credit counts at once; the rows of
`Conflict` hold what was declared and what was decided about the finds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.core.paginator import Page, Paginator
from django.db.models import Case, Q, QuerySet, When

from festival.edition.models import Edition
from festival.kit import remembered
from festival.people.models import User
from judging import queries
from judging.logic.names import Index, domain, surname
from judging.models import Conflict, Look
from submissions.cohorts.models import Mentor
from submissions.lifecycle import State
from submissions.models import Answer, Credit, CreditInvitation, Entry, Question

FEW = 500  # so many films are asked for by number; more, as all of the edition
HOUSES = frozenset((Conflict.Kind.COMPANY, Conflict.Kind.SCHOOL, Conflict.Kind.TEAM))
Pairs = set[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class JudgeFacts:
    """A judge as conflicts are looked for."""

    id: int
    name: str
    emails: frozenset[str]

    @property
    def domains(self) -> frozenset[str]:
        return frozenset(filter(None, map(domain, self.emails)))


@dataclass(slots=True)
class FilmFacts:
    """The people of the films: by name in `index`; `own`: films by account and by address of those who made them, and
    by account of the mentors of their teams. `count`: how many films.
    """

    count: int = 0
    index: Index = field(default_factory=Index)
    accounts: dict[int, set[int]] = field(default_factory=dict)
    emails: dict[str, set[int]] = field(default_factory=dict)

    def own(self, judge: JudgeFacts) -> set[int]:
        """The films a judge has made herself, of her account or with her address in the credits, or accompanies."""
        found = set(self.accounts.get(judge.id, ()))
        for email in judge.emails:
            found |= self.emails.get(email, set())
        return found


def judge_facts(user_ids: Iterable[int]) -> dict[int, JudgeFacts]:
    """Names and confirmed addresses by account. Two queries."""
    ids = list(user_ids)
    confirmed: dict[int, set[str]] = {}
    rows = EmailAddress.objects.filter(user_id__in=ids, verified=True)
    for user, email in rows.values_list("user_id", "email"):
        confirmed.setdefault(user, set()).add(email.lower())
    return {
        pk: JudgeFacts(pk, name, frozenset({email, *confirmed.get(pk, ())}))
        for pk, name, email in User.objects.filter(pk__in=ids).values_list("pk", "name", "email")
    }


def film_facts(edition: Edition, entries: Iterable[int] | None = None) -> FilmFacts:
    """Who made the films of the competition: entrants, directors, credits, co-authors, and what was answered in a line
    (school, company, team); who accompanies their teams. Four queries, whatever there is."""
    facts = FilmFacts()
    films = _films(edition, entries)
    for pk, director, user, name, email in films.values_list(
        "pk", "director", "entrant_id", "entrant__name", "entrant__email"
    ):
        facts.count += 1
        facts.accounts.setdefault(user, set()).add(pk)
        facts.emails.setdefault(email, set()).add(pk)
        facts.index.add_name(pk, director)
        facts.index.add_name(pk, name)
        facts.index.add_email(pk, email)
    inside = {"entry__in": films.order_by().values("pk")}
    for pk, name, other, email in Credit.objects.filter(**inside).values_list(
        "entry_id", "name", "name_other", "email"
    ):
        facts.index.add_name(pk, name)
        facts.index.add_name(pk, other)
        if email:
            facts.emails.setdefault(email, set()).add(pk)
            facts.index.add_email(pk, email)
    agreed = CreditInvitation.objects.filter(
        **inside, state=CreditInvitation.State.ACCEPTED, user__isnull=False
    )
    mentors = Mentor.objects.filter(place__entry__in=inside["entry__in"])
    made = agreed.order_by().values_list("entry_id", "user_id")
    near = made.union(mentors.order_by().values_list("place__entry_id", "user_id"))
    for pk, user in near.order_by():
        facts.accounts.setdefault(user, set()).add(pk)
    lines = Answer.objects.filter(**inside, question__kind=Question.Kind.LINE)
    for pk, value in lines.values_list("entry_id", "value"):
        if isinstance(value, str):
            facts.index.add_name(pk, value, person=False)
    return facts


def _films(edition: Edition, entries: Iterable[int] | None) -> QuerySet[Entry]:
    films = Entry.objects.filter(edition=edition, state=State.ELIGIBLE)
    if entries is None:
        return films
    ids = list(entries)
    return films.filter(pk__in=ids) if len(ids) <= FEW else films


def conflicts_of(
    edition: Edition,
    entries: Iterable[int] | None = None,
    judges: Iterable[int] | None = None,
    *,
    settled: bool = False,
) -> Pairs:
    """Pairs of (judge, entry) that must not be, of the whole jury or of `judges`. Absolute.

    Own films always; what was declared, and what a judge stood aside from, unless dismissed; what was detected until
    it is dismissed, or, `settled`, only once it is confirmed. A decision about one film goes before one about a name.
    """
    wanted = None if entries is None else set(entries)
    ids = list(queries.judges_of(edition)) if judges is None else list(judges)
    facts = film_facts(edition, wanted)
    rows: dict[int, list[Conflict]] = {}
    for row in Conflict.objects.filter(edition=edition, judge_id__in=ids):
        rows.setdefault(row.judge_id, []).append(row)
    pairs: Pairs = set()
    for judge in judge_facts(ids).values():
        barred = _barred(judge, facts, rows.get(judge.id, []), settled)
        pairs |= {(judge.id, film) for film in barred if wanted is None or film in wanted}
    return pairs


def _barred(judge: JudgeFacts, facts: FilmFacts, rows: list[Conflict], settled: bool) -> set[int]:
    def holds(row: Conflict | None) -> bool:
        if settled:
            return row is not None and row.state == Conflict.State.CONFIRMED
        return row is None or row.state != Conflict.State.DISMISSED

    names = {(row.kind, row.party_key): row for row in rows if row.entry_id is None}
    single = {(row.kind, row.party_key, row.entry_id): holds(row) for row in rows if row.entry_id}
    barred: set[int] = set()
    for kind, party, films in _finds(judge, facts, rows):
        row = names.get((kind, party))
        bars = holds(row)
        barred |= {film for film in films if single.get((kind, party, film), bars)}
    barred |= {film for (_kind, _party, film), bars in single.items() if bars and film}
    return barred | facts.own(judge)


def _finds(judge: JudgeFacts, facts: FilmFacts, rows: list[Conflict]) -> Iterable[tuple[str, str, set[int]]]:
    for row in rows:
        if row.entry_id is None and row.source == Conflict.Source.DECLARED:
            yield row.kind, row.party_key, facts.index.films_of(row.party, house=row.kind in HOUSES)
    yield from detected(judge, facts)


def detected(judge: JudgeFacts, facts: FilmFacts) -> list[tuple[str, str, set[int]]]:
    """What a judge's own name and addresses have in common with the films: kind, what, and which films."""
    found = []
    last = surname(judge.name)
    own = facts.own(judge)
    if last and (films := facts.index.surnames.get(last, set()) - own):
        found.append((Conflict.Kind.SURNAME.value, last, films))
    for one in sorted(judge.domains):
        if films := facts.index.domains.get(one, set()) - own:
            found.append((Conflict.Kind.DOMAIN.value, one, films))
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """A conflict with the films it is about now, for the desk."""

    row: Conflict
    films: tuple[tuple[str, str], ...]  # code and title of the first few
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.films)


PAGE = 50
SHOWN = 5  # films named beside a conflict


def for_desk(edition: Edition, number: object = None) -> Page:
    """A page of the edition's conflicts with their films, the open ones first. As many queries whatever there is.

    Which films these are is remembered for a minute where a thousand or more were looked through.
    """
    state = Conflict.State
    order = Case(When(state=state.OPEN, then=0), When(state=state.CONFIRMED, then=1), default=2)
    every = Conflict.objects.filter(edition=edition).select_related("judge", "entry", "by", "decided_by")
    page = Paginator(every.order_by(order, "judge__name", "judge_id", "pk"), PAGE).get_page(number)
    rows = list(page.object_list)
    films = _remembered(edition, rows, SHOWN) if rows else {}
    titles = {
        pk: (code, title) for pk, code, title in _titles({pk for first, _n in films.values() for pk in first})
    }
    page.object_list = [
        Shown(row, tuple(titles[pk] for pk in first if pk in titles), count)
        for row in rows
        for first, count in [films[row.pk]]
    ]
    return page


def _remembered(edition: Edition, rows: list[Conflict], most: int | None) -> dict[int, tuple[list[int], int]]:
    """By conflict its first `most` films (None: all) and how many it has. The names of all films are looked through,
    so what is found is remembered for a minute; what bars a judge is never read from here.
    """

    def look() -> tuple[int, dict[int, tuple[list[int], int]]]:
        facts = film_facts(edition)
        films = {row.pk: sorted(_films_of(row, facts)) for row in rows}
        return facts.count, {pk: (found[:most], len(found)) for pk, found in films.items()}

    known = remembered.name("conflicts", edition.pk, most, *(row.pk for row in rows))
    return remembered.figures(known, look, rows=lambda found: found[0])[1]


def _titles(ids: set[int]) -> Iterable[tuple[int, str, str]]:
    return Entry.objects.filter(pk__in=ids).values_list("pk", "code", "title")


def _films_of(row: Conflict, facts: FilmFacts) -> set[int]:
    """The films a conflict is about."""
    if row.entry_id:
        return {row.entry_id}
    if row.kind == Conflict.Kind.SURNAME:
        return facts.index.surnames.get(row.party_key, set())
    if row.kind == Conflict.Kind.DOMAIN:
        return facts.index.domains.get(row.party_key, set())
    return facts.index.films_of(row.party, house=row.kind in HOUSES)


def films_of(row: Conflict) -> set[int]:
    """The films a conflict is about, read anew."""
    return {row.entry_id} if row.entry_id else _films_of(row, film_facts(row.edition))


def films_for_choice(row: Conflict, number: object = None) -> Page:
    """A page of the films of a conflict, to decide about each by itself. Remembered as in `for_desk`."""
    if row.entry_id:
        ids = [row.entry_id]
    else:
        ids = _remembered(row.edition, [row], None)[row.pk][0]
    films = Entry.objects.filter(pk__in=ids).order_by("code").only("code", "title", "director")
    return Paginator(films, PAGE).get_page(number)


def own_declarations(edition: Edition, judge_id: int) -> QuerySet[Conflict]:
    """What a judge has declared herself or what was declared for her; never what was detected: it would name people."""
    return Conflict.objects.filter(
        edition=edition, judge_id=judge_id, source=Conflict.Source.DECLARED, entry__isnull=True
    ).exclude(state=Conflict.State.DISMISSED)


def open_count(edition: Edition) -> int:
    """Conflicts that wait for a person."""
    return Conflict.objects.filter(edition=edition, state=Conflict.State.OPEN).count()


def looks_in_conflict(edition: Edition, judge_id: int, films: set[int]) -> QuerySet[Look]:
    """The judge's looks in open rounds at these films that have not been given up."""
    return Look.objects.filter(
        Q(state=Look.State.PENDING) | Q(state=Look.State.SCORED),
        round__edition=edition,
        round__state="open",
        judge_id=judge_id,
        entry_id__in=films,
    )
