"""Whether what is given can be completed to a list that keeps all rules (CP-SAT), and which rules clash if not."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from ortools.sat.python import cp_model

from judging.logic.awarding.board import CAP, FILL, LEAST, MOST, ONE, Board, Rule, concerns, rules

Open = dict[str, tuple[str, ...]]  # film → slots it may still be given
Witness = dict[str, frozenset[str]]  # slot → films of one allowed completion
FEW = 8  # films looked at first, more than a slot has places
SMALL = 2000  # films among which it is quick to look for the one rule that is in the way


def complete(board: Board) -> Witness | None:
    """One allowed completion, or None when it is proved that there is none."""
    active = rules(board.problem)
    found = solve(board, _first(board), active)
    return found if found is not None else solve(board, reduced(board, open_films(board)), active)


def open_films(board: Board) -> Open:
    """Every film with the slots that it may still be given."""
    found: dict[str, list[str]] = defaultdict(list)
    for slug, line in board.line.items():
        if board.free(slug):
            has = set(board.given[slug])
            for row in line[board.at[slug] :]:
                if row.film not in has:
                    found[row.film].append(slug)
    return {film: tuple(slugs) for film, slugs in found.items()}


def _first(board: Board) -> Open:
    """The first few of each slot and of each kind that quotas tell apart: a completion of these is one of all."""
    found: dict[str, list[str]] = defaultdict(list)
    for slug, line in board.line.items():
        free = board.free(slug)
        if not free:
            continue
        taken: Counter[tuple[bool, ...]] = Counter()
        has = set(board.given[slug])
        for row in line[board.at[slug] :]:
            if row.film in has:
                continue
            kind = tuple(quota.counts(board.entry[row.film]) for quota in board.problem.quotas)
            if taken[kind] < free + FEW and not board.forbids(slug, row.film):
                taken[kind] += 1
                found[row.film].append(slug)
            if taken.total() >= (free + FEW) * (len(board.problem.quotas) + 1):
                break
    return {film: tuple(slugs) for film, slugs in found.items()}


def reduced(board: Board, whole: Open) -> Open:
    """As few films as decide the same.

    Films are alike when they are open for the same slots, and count for the same quotas and caps. A film is
    private when it has nothing yet and no group of it holds another film. Let T places be free. Where T
    alike films are private, the others like them, as far as they hold nothing, can go: in a completion with
    one of these, one of the T is unused and can stand in for it, as it counts the same everywhere and
    shares no group with anybody.
    """
    total = sum(board.free(slug) for slug in board.slot)
    members: Counter[tuple[str, str]] = Counter()
    for entry in board.problem.entries:
        for cap in board.problem.caps:
            members.update((cap.name, group) for group in set(board.groups(cap, entry.film)))
    alike: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for film, slugs in whole.items():
        counted = tuple(quota.counts(board.entry[film]) for quota in board.problem.quotas)
        capped = tuple(bool(board.groups(cap, film)) for cap in board.problem.caps)
        alike[slugs, counted, capped].append(film)
    kept: Open = {}
    for films in alike.values():
        private = [
            film
            for film in films
            if film not in board.holds
            and all(
                members[cap.name, group] == 1
                for cap in board.problem.caps
                for group in board.groups(cap, film)
            )
        ]
        chosen = films
        if len(private) >= total:
            chosen = private[:total] + [film for film in films if film in board.holds]
        kept |= {film: whole[film] for film in chosen}
    return kept


def solve(board: Board, films: Open, active: Iterable[Rule]) -> Witness | None:
    """A completion of these films under the active rules alone; None when there is none."""
    on, problem = set(active), board.problem
    model = cp_model.CpModel()
    has = {(film, slug): model.new_bool_var("") for film in sorted(films) for slug in films[film]}
    by_slot: dict[str, list[cp_model.IntVar]] = defaultdict(list)
    for (_film, slug), var in has.items():
        by_slot[slug].append(var)
    for slug, slot in board.slot.items():
        free = board.free(slug)
        must = not slot.vacant and (FILL, slug) in on
        if must and len(by_slot[slug]) < free:
            return None
        if by_slot[slug]:
            model.add_linear_constraint(sum(by_slot[slug]), free if must else 0, free)
    if (ONE, "") in on:
        for film, slugs in films.items():
            for number, slug in enumerate(slugs):
                for other in slugs[number + 1 :]:
                    if not board.together(slug, other):
                        model.add_at_most_one(has[film, slug], has[film, other])
                if any(not board.together(slug, held) for held in board.holds.get(film, ())):
                    model.add(has[film, slug] == 0)
    for cap in problem.caps:
        if (CAP, cap.name) not in on:
            continue
        groups: dict[str, list[cp_model.IntVar]] = defaultdict(list)
        for (film, slug), var in has.items():
            for group in board.groups(cap, film) if concerns(cap, slug) else ():
                groups[group].append(var)
        for group, held in groups.items():
            room = max(0, cap.most - board.in_group[cap.name, group])
            if len(held) > room:
                model.add(sum(held) <= room)
    for quota in problem.quotas:
        held = [
            var
            for (film, slug), var in has.items()
            if concerns(quota, slug) and quota.counts(board.entry[film])
        ]
        missing = quota.least - board.by_place[quota.name]
        if (LEAST, quota.name) in on and missing > 0:
            if len(held) < missing:
                return None
            model.add(sum(held) >= missing)
        if (MOST, quota.name) in on and quota.most is not None and held:
            model.add(sum(held) <= max(0, quota.most - board.in_quota[quota.name]))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise RuntimeError(solver.status_name(status))
    witness: dict[str, set[str]] = defaultdict(set)
    for (film, slug), var in has.items():
        if solver.boolean_value(var):
            witness[slug].add(film)
    return {slug: frozenset(names) for slug, names in witness.items()}


def in_the_way(board: Board) -> list[Rule]:
    """Of the rules that ask for awards to come, the one that alone cannot be kept any more, or else all of them."""
    upper = [rule for rule in rules(board.problem) if rule[0] not in (FILL, LEAST)]
    owed = [(FILL, slug) for slug, slot in board.slot.items() if board.free(slug) and not slot.vacant]
    owed += [(LEAST, q.name) for q in board.problem.quotas if q.least > board.by_place[q.name]]
    films = reduced(board, open_films(board))
    if len(films) <= SMALL:
        for rule in owed:
            if solve(board, films, [*upper, rule]) is None:
                return [rule]
    return owed


def smallest_clash(board: Board) -> tuple[Rule, ...]:
    """The smallest set of rules that no completion keeps, verified again; there must be none that keeps them all.

    Source: A. Ignatiev and others, Smallest MUS extraction with minimal hitting set dualization (2015).
    """
    every = rules(board.problem)
    films = reduced(board, open_films(board))
    freeing: list[set[Rule]] = []  # sets of rules: a clash has at least one of each
    while True:
        tried = _hitting(every, freeing)
        if solve(board, films, tried) is None:
            if any(solve(board, films, [one for one in tried if one != left]) is None for left in tried):
                raise AssertionError("The clash is not the smallest.")
            return tuple(tried)
        kept = list(tried)
        for rule in every:
            if rule not in kept and solve(board, films, [*kept, rule]) is not None:
                kept.append(rule)
        freeing.append(set(every) - set(kept))


def _hitting(every: list[Rule], sets: list[set[Rule]]) -> list[Rule]:
    """As few rules as have one of each set."""
    model = cp_model.CpModel()
    taken = {rule: model.new_bool_var("") for rule in every}
    for one in sets:
        model.add_bool_or([taken[rule] for rule in every if rule in one])
    model.minimize(sum(taken.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.solve(model)
    return [rule for rule in every if solver.boolean_value(taken[rule])]
