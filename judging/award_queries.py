"""Reads of the award list: the desk's page, and why a place is as it is, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from festival.awards import audience_queries
from festival.awards.models import AwardSlot, Laureate
from festival.catalogue.models import Film
from festival.edition.models import Edition
from judging import award_words
from judging.models import AwardList, AwardStep, Round, Standing, StandingRow, Verdict
from judging.queries import ordered, out_of_competition
from submissions.lifecycle import State
from submissions.models import Credit, Entry

ADVICE = 10  # films of the audience's order beside an award that others decide


@dataclass(frozen=True, slots=True)
class Telling:
    """How far the entrants have been told of what holds now; who has another award since counts as untold."""

    told: int
    untold: int

    @property
    def everybody(self) -> bool:
        return self.untold == 0


@dataclass(frozen=True, slots=True)
class SlotRow:
    slot: AwardSlot
    places: list[tuple[Verdict, str]]  # each with its reason in words


def list_of(edition: Edition) -> AwardList | None:
    """The edition's award list with its standing and round, or None before one was proposed."""
    return (
        AwardList.objects.filter(edition=edition)
        .select_related("standing__round", "proposed_by", "confirmed_by", "announced_by")
        .defer("standing__inputs")  # megabytes
        .first()
    )


def last_standing(edition: Edition) -> Standing | None:
    """The standing that awards are proposed from: of the last round, once that is closed."""
    last = edition.rounds.order_by("position", "pk").last()
    if last is None or last.state != Round.State.CLOSED:
        return None
    rows = Standing.objects.filter(round=last, superseded_at__isnull=True)
    return rows.select_related("round").defer("inputs").first()


def standing_rows(standing: Standing) -> QuerySet[StandingRow]:
    """Best first; withdrawn films are left out."""
    return ordered(standing).exclude(entry__in=out_of_competition(standing.round.edition_id))


def verdicts_of(award_list: AwardList) -> QuerySet[Verdict]:
    return award_list.verdicts.select_related("slot__track", "entry__track")


def judged(award_list: AwardList) -> QuerySet[Entry]:
    """The films of all rounds: those that did not come into the last one wait for the decision too."""
    links = Round.films.through.objects.filter(round__edition_id=award_list.edition_id)
    return Entry.objects.filter(pk__in=links.values("entry_id"))


def competing(award_list: AwardList) -> QuerySet[Entry]:
    """The judged films that are still in the competition: they are decided over, and told."""
    return judged(award_list).filter(state=State.ELIGIBLE)


def telling(award_list: AwardList) -> Telling:
    """Two queries."""
    held = award_list.verdicts.filter(entry__state=State.ELIGIBLE, told_at__isnull=True)
    moved = list(held.order_by().values_list("entry_id", flat=True))
    knows = ~Q(told="") & Q(told=F("decision")) & ~Q(pk__in=moved)
    found = competing(award_list).order_by().aggregate(all=Count("pk"), told=Count("pk", filter=knows))
    return Telling(told=found["told"], untold=found["all"] - found["told"])


def can_reopen(award_list: AwardList) -> bool:
    """Whether nobody has been told of the list as it was confirmed last. Two queries."""
    kinds = AwardStep.Kind
    last = award_list.steps.filter(kind=kinds.CONFIRMED).order_by("-pk").values_list("pk", flat=True).first()
    told = award_list.steps.filter(kind=kinds.TOLD, pk__gt=last or 0)
    return award_list.state == AwardList.State.CONFIRMED and not told.exists()


def rows_for_desk(award_list: AwardList) -> list[SlotRow]:
    """The list slot by slot in order of precedence, each place with its reason. Four queries."""
    verdicts = list(verdicts_of(award_list))
    names = award_words.names_for(award_list.edition, [verdict.why for verdict in verdicts])
    confirmed = award_list.state != AwardList.State.PROPOSED
    rows: dict[int, SlotRow] = {}
    for verdict in verdicts:
        row = rows.setdefault(verdict.slot_id, SlotRow(verdict.slot, []))
        row.places.append((verdict, award_words.why_text(verdict.why, names, confirmed=confirmed)))
    return list(rows.values())


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A film that stands before a laureate of the slot and was passed over, and why in words."""

    code: str
    title: str
    rank: int
    why: str


@dataclass(frozen=True, slots=True)
class Advice:
    """A film in the audience's order, where that does not decide."""

    code: str
    title: str
    rank: int
    votes: int


@dataclass(frozen=True, slots=True)
class SlotPage:
    """A slot's places with their reasons, and the films that were passed over; `more`: how many besides. `advice`:
    the audience's first films, where there was a vote that does not decide.
    """

    slot: AwardSlot
    places: list[tuple[Verdict, str]]
    passed: list[NearMiss]
    more: int
    advice: list[Advice]


def slot_page(award_list: AwardList, slot: AwardSlot) -> SlotPage:
    """Queries: six, and four for the audience's advice."""
    version = award_list.versions.defer("problem").get(number=award_list.number)
    confirmed = award_list.state != AwardList.State.PROPOSED
    places = list(verdicts_of(award_list).filter(slot=slot))
    passed = [row for row in version.result.get("passed_over", ()) if row["slot"] == slot.slug]
    names = award_words.names_for(
        award_list.edition,
        [*(row.why for row in places), *(row["why"] for row in passed)],
        [row["film"] for row in passed],
    )
    return SlotPage(
        slot,
        [(row, award_words.why_text(row.why, names, confirmed=confirmed)) for row in places],
        [
            NearMiss(
                row["film"],
                names.titles.get(row["film"], row["film"]),
                row["rank"],
                award_words.passed_text(row["why"], names),
            )
            for row in passed
        ],
        version.result.get("more_passed_over", {}).get(slot.slug, 0),
        _advice(slot),
    )


def _advice(slot: AwardSlot) -> list[Advice]:
    if audience_queries.decides(slot):
        return []
    placed = audience_queries.standing(slot)[:ADVICE]
    films = Film.objects.filter(edition=slot.edition_id, code__in=[one.film for one in placed])
    titles = dict(films.values_list("code", "title"))
    return [Advice(one.entry or one.film, titles[one.film], one.rank, one.votes) for one in placed]


def unpublished(award_list: AwardList) -> bool:
    """Whether an announced list has changed since: laureates to be added or taken back. Two queries."""
    if award_list.state != AwardList.State.ANNOUNCED:
        return False
    held = award_list.verdicts.filter(entry__state=State.ELIGIBLE)
    wanted = set(held.values_list("slot_id", "place", "entry__code"))
    laureates = Laureate.objects.filter(slot__edition=award_list.edition_id, withdrawn_at__isnull=True)
    return wanted != set(laureates.values_list("slot_id", "place", "film__source"))


def makers_of(entry_ids: Sequence[int]) -> dict[int, str]:
    """Who directed each film, as its credits name them, else as the entry does. Two queries."""
    found: dict[int, list[str]] = {}
    rows = Credit.objects.filter(entry_id__in=entry_ids).order_by("entry_id", "position")
    for entry, name, roles in rows.values_list("entry_id", "name", "roles"):
        if name and "director" in roles:
            found.setdefault(entry, []).append(name)
    said = dict(Entry.objects.filter(pk__in=entry_ids).values_list("pk", "director"))
    return {pk: "、".join(found[pk]) if pk in found else director for pk, director in said.items()}


def steps_of(award_list: AwardList) -> QuerySet[AwardStep]:
    """The list's record, the last step first."""
    return award_list.steps.select_related("by").order_by("-at", "-pk")
