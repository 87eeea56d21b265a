"""Whether what is given can be completed to a list that keeps the rules, and what is the best film for a place then.

Films are counted by kind, so that the solver (CP-SAT) sees few numbers instead of thousands of films, and no more of
the limits than is needed: at first none. What cannot be done under fewer limits cannot be done at all. What can is
given to real films; where groups of theirs are in the way, these groups are told apart, and it is asked again. This
ends, at the latest when all groups are told apart, and either answer is exact.
Source of the idea: E. Clarke and others, Counterexample-guided abstraction refinement (2000).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from ortools.sat.python import cp_model

from judging.logic.awarding.board import CAP, FILL, LEAST, MOST, ONE, Rule, rules
from judging.logic.awarding.kinds import Kind, Kinds
from judging.logic.awarding.lines import Group
from judging.logic.awarding.problem import FILM

Witness = dict[str, set[str]]  # slot → films of one allowed completion


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for one place more: which of these films, in order, is the first that the slot can have?"""

    slug: str
    films: Sequence[str]


@dataclass(frozen=True, slots=True)
class Found:
    """An allowed completion; `film`: the first of those asked for that can have the place; `kept`: rules it keeps."""

    witness: Witness
    film: str
    kept: frozenset[Rule]


class Question:
    """What can be completed as the board stands now, for one place more if `asked`; one model for any set of rules."""

    def __init__(self, kinds: Kinds, asked: Asked | None = None) -> None:
        self.kinds, self.asked = kinds, asked
        self.model = _Model(kinds, asked)

    def answer(
        self, on: Collection[Rule], films: Sequence[str] | None = None, *, most: bool = False
    ) -> Found | None:
        """A completion that keeps the rules that are `on`, or None when it is proved that there is none.

        `films`: of those asked for, the ones that matter; all when left out. `most`: as many other rules as can be
        are to be kept as well.
        """
        on = set(on)
        while self.model.solve(on, films, most):
            kept = on | self.model.kept() if most else on
            picks = _Picks(self.kinds, kept)
            missed = [column for column, number in self.model.chosen() if not picks.take(column, number)]
            if not missed:
                return Found(picks.given, picks.asked, frozenset(kept))
            if not self.kinds.tell_apart(picks.in_the_way):
                raise AssertionError("No films for a solution, and nothing in the way.")
            self.model = _Model(self.kinds, self.asked)
        return None

    def alike(self, film: str, other: str) -> bool:
        """Whether what is proved of the one film holds for the other, as far as kinds are told apart now."""
        kind = self.kinds.kind
        return self.model.seen(kind[film]) == self.model.seen(kind[other])


@dataclass(slots=True)
class _Class:
    """Slots that no rule tells apart and the places to be given in all. `bit`: of the first slot."""

    bit: int
    slugs: list[str]
    most: int = 0


@dataclass(slots=True)
class _Column:
    """So many films of these sources get a slot of the class. `film`, `slug`: the one film and slot asked for."""

    var: cp_model.IntVar
    into: _Class
    counted: int
    groups: tuple[Group, ...]
    size: int
    sources: list[dict[str, None]] = field(default_factory=list)
    film: str = ""
    slug: str = ""


class _Model:
    """`keeps`: by rule that can bind a yes or no whether it is kept."""

    def __init__(self, kinds: Kinds, asked: Asked | None) -> None:
        self.kinds, self.board, self.lines = kinds, kinds.board, kinds.board.lines
        self.model = cp_model.CpModel()
        self.solver = cp_model.CpSolver()
        parameters = self.solver.parameters
        parameters.num_workers, parameters.random_seed = 1, 1
        parameters.catch_sigint_signal = False  # it would leave the process without the handler that it had
        # the models are small and solved by the hundred: simplifying them at length costs more than it saves
        parameters.symmetry_level = parameters.cp_model_probing_level = 0
        parameters.max_presolve_iterations = 1
        parameters.linearization_level = 2
        self.columns: list[_Column] = []
        self.turns: dict[Kind, _Column] = {}  # columns of the films asked for
        self.keeps: dict[Rule, cp_model.IntVar] = {}
        self.classes = self._classes()
        self.total = sum(one.most for one in self.classes)
        self.open = sum(one.bit for one in self.classes)
        self.quotas = list(self._quotas())
        self.meant = sum({bit for bit, _rule, _number, _slots in self.quotas})
        if asked:
            self._ask(asked)
        self._count_films()
        self._count_groups()
        self._count_places()

    def solve(self, on: set[Rule], films: Sequence[str] | None, most: bool) -> bool:
        """Whether there is a solution."""
        for rule, keep in self.keeps.items():
            _bound(keep, int(rule in on), int(rule in on or most))
        if most:
            self.model.maximize(cp_model.LinearExpr.sum(list(self.keeps.values())))
        asked = self.turns if films is None else {self.seen(self.kinds.kind[film]) for film in films}
        for kind, column in self.turns.items():
            _bound(column.var, 0, int(kind in asked))
        status = self.solver.solve(self.model)
        if most:
            self.model.clear_objective()  # type: ignore[no-untyped-call]
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE):
            raise RuntimeError(self.solver.status_name(status))
        return bool(status != cp_model.INFEASIBLE)

    def kept(self) -> set[Rule]:
        """The rules that the solution keeps; those that cannot bind are kept anyhow, and limits are for the picks."""
        some = set(rules(self.board.problem)) - {(ONE, "")}
        return {
            rule for rule in some if rule not in self.keeps or self.solver.boolean_value(self.keeps[rule])
        }

    def chosen(self) -> list[tuple[_Column, int]]:
        """How many films of each column the solution takes; those that are hardest to find come first."""
        taken = [(column, self.solver.value(column.var)) for column in self.columns]
        taken = [(column, number) for column, number in taken if number]
        return sorted(taken, key=lambda pair: (not pair[0].film, pair[0].size))

    def seen(self, kind: Kind) -> Kind:
        """As much of a kind as matters now."""
        return kind[0] & self.open, kind[1] & self.meant, kind[2]

    def _classes(self) -> list[_Class]:
        found: dict[int, _Class] = {}
        for slug in self.lines.slot:
            if free := self.board.free(slug):
                one = found.setdefault(self.lines.alike[slug], _Class(self.lines.bit[slug], []))
                one.slugs.append(slug)
                one.most += free
        return list(found.values())

    def _quotas(self) -> Iterator[tuple[int, Rule, int, int]]:
        """Minimums and maximums that can bind: the quota's bit, the rule, how many are to come, of which slots."""
        for number, quota in enumerate(self.board.problem.quotas):
            bit, slots = 1 << number, self.lines.mask(quota.slots)
            free = sum(self.board.free(slug) for slug, one in self.lines.bit.items() if one & slots)
            missing = quota.least - self.board.by_place[quota.name]
            if missing > 0:
                yield bit, (LEAST, quota.name), missing, slots
            if quota.most is not None and quota.most - self.board.in_quota[quota.name] < free:
                yield bit, (MOST, quota.name), quota.most - self.board.in_quota[quota.name], slots

    def _ask(self, asked: Asked) -> None:
        into = next(one for one in self.classes if asked.slug in one.slugs)
        for film in asked.films:
            kind = self.seen(self.kinds.kind[film])
            if kind not in self.turns:
                column = _Column(self.model.new_bool_var(""), into, kind[1], kind[2], 1, [], film, asked.slug)
                self.turns[kind] = column
                self.columns.append(column)
        turns = [column.var for column in self.columns]
        self.model.add_exactly_one(turns)
        if len(turns) > 1:
            self.model.minimize(cp_model.LinearExpr.weighted_sum(turns, range(len(turns))))

    def _count_films(self) -> None:
        sizes: Counter[Kind] = Counter()
        sources: dict[Kind, list[dict[str, None]]] = defaultdict(list)
        for whole, films in self.kinds.films.items():
            kind = self.seen(whole)
            if kind[0]:
                sizes[kind] += len(films)
                sources[kind].append(films)
        many: dict[tuple[int, int, tuple[Group, ...]], _Column] = {}
        few = []
        for kind, size in sizes.items():
            if size < self._enough(kind):
                few.append(kind)
                continue
            for one in self._of(kind[0]):
                key = (one.bit, kind[1], kind[2])
                if key not in many:
                    many[key] = self._column(one, kind, one.most, size)
                many[key].sources.extend(sources[kind])
        for kind in few:
            into, size = self._of(kind[0]), sizes[kind]
            others = [many.get((one.bit, kind[1], kind[2])) for one in into]
            if None in others:
                own = [self._column(one, kind, min(size, one.most), size) for one in into]
                for column in own:
                    column.sources.extend(sources[kind])
                self._limit(kind, size, own)
            else:  # those of whom there are many can do whatever these can
                for other in others:
                    if other:
                        other.sources.extend(sources[kind])

    def _enough(self, kind: Kind) -> int:
        """More films of the kind than so many are never needed: places are not more, nor what a group may have."""
        found = self.total
        for cap, slots in self.kinds.capped if self.kinds.strict else ():
            if not kind[0] & ~slots:
                for grouping, group in kind[2]:
                    if grouping == cap.grouping != FILM:
                        found = min(found, cap.most - self.board.in_group[cap.name, group])
        return found

    def _of(self, mask: int) -> list[_Class]:
        return [one for one in self.classes if one.bit & mask]

    def _column(self, into: _Class, kind: Kind, most: int, size: int) -> _Column:
        column = _Column(self.model.new_int_var(0, most, ""), into, kind[1], kind[2], size)
        self.columns.append(column)
        return column

    def _limit(self, kind: Kind, size: int, own: list[_Column]) -> None:
        """A film has one of slots that do not combine, and no more in all than a limit for films allows."""
        if kind in self.turns:
            own = [*own, self.turns[kind]]
        for clique in self._cliques(own):
            self.model.add(_sum(clique) <= size)
        for cap, slots in self.kinds.capped:
            if cap.grouping == FILM:
                counted = [one for one in own if one.into.bit & slots]
                held = sum(self.board.in_group[cap.name, film] for name, film in kind[2] if name == FILM)
                if len(counted) > cap.most - held:
                    self._at_most((CAP, cap.name), counted, cap.most * size - held, len(own) * size)

    def _cliques(self, own: list[_Column]) -> Iterator[list[_Column]]:
        """Sets of columns of which a film has one at most; every two such columns are together in one."""
        if len(own) > 1 and not any(self.lines.combines[one.into.slugs[0]] for one in own):
            yield own
            return
        done: set[tuple[int, int]] = set()
        for number, one in enumerate(own):
            for turn, other in enumerate(own[number + 1 :], number + 1):
                if (number, turn) in done or not self._apart(one, other):
                    continue
                clique = [number, turn]
                for third, column in enumerate(own):
                    if third not in clique and all(self._apart(own[each], column) for each in clique):
                        clique.append(third)
                done.update((a, b) for a in clique for b in clique)
                yield [own[each] for each in clique]

    def _apart(self, one: _Column, other: _Column) -> bool:
        return not self.lines.combines[one.into.slugs[0]] & other.into.bit

    def _count_groups(self) -> None:
        by_group: dict[Group, list[_Column]] = defaultdict(list)
        for column in self.columns:
            for own in column.groups:
                by_group[own].append(column)
        for cap, slots in self.kinds.capped:
            for (grouping, group), columns in by_group.items():
                room = max(0, cap.most - self.board.in_group[cap.name, group])
                if grouping == cap.grouping and grouping != FILM and room < self.total:
                    counted = [column for column in columns if column.into.bit & slots]
                    self._at_most((CAP, cap.name), counted, room, self.total)

    def _count_places(self) -> None:
        alike: dict[tuple[int, int], list[_Column]] = defaultdict(list)
        for column in self.columns:
            alike[column.into.bit, column.counted].append(column)
        for one in self.classes:
            given = _sum(c for (into, _counted), found in alike.items() if into == one.bit for c in found)
            self.model.add(given <= one.most)
            must = [slug for slug in one.slugs if not self.lines.slot[slug].vacant]
            keeps = [self._keep((FILL, slug)) for slug in must]
            frees = [self.board.free(slug) for slug in must]
            self.model.add(given - cp_model.LinearExpr.weighted_sum(keeps, frees) >= 0)
        for bit, rule, number, slots in self.quotas:
            meant = [
                c for (into, counted), found in alike.items() if into & slots and counted & bit for c in found
            ]
            if rule[0] == LEAST:
                self.model.add(_sum(meant) - number * self._keep(rule) >= 0)
            else:
                self._at_most(rule, meant, number, self.total)

    def _keep(self, rule: Rule) -> cp_model.IntVar:
        if rule not in self.keeps:
            self.keeps[rule] = self.model.new_bool_var("")
        return self.keeps[rule]

    def _at_most(self, rule: Rule, columns: list[_Column], room: int, loose: int) -> None:
        """No more than there is room for, if the rule is kept; there can be so many as `loose` at all."""
        room = max(0, room)
        if columns and room < loose:
            self.model.add(_sum(columns) + (loose - room) * self._keep(rule) <= loose)


def _sum(columns: Iterable[_Column]) -> cp_model.LinearExpr:
    return cp_model.LinearExpr.sum([column.var for column in columns])


def _bound(var: cp_model.IntVar, least: int, most: int) -> None:
    domain = var.proto.domain
    domain[0], domain[1] = least, most


class _Picks:
    """Real films for the numbers of a solution. `in_the_way`: groups for which none was found."""

    def __init__(self, kinds: Kinds, on: set[Rule]) -> None:
        self.board, self.lines = kinds.board, kinds.board.lines
        self.caps = {
            slug: [cap for cap in caps if (CAP, cap.name) in on] for slug, caps in self.lines.caps.items()
        }
        self.given: Witness = defaultdict(set)
        self.asked = ""
        self.slots: dict[str, list[str]] = defaultdict(list)
        self.in_group: Counter[tuple[str, str]] = Counter()
        self.in_the_way: set[Group] = set()

    def take(self, column: _Column, number: int) -> bool:
        """So many films of the column; False if there are not so many."""
        if column.film:
            self.asked = column.film
            return self._fits(column.slug, column.film)
        left = {slug: self.board.free(slug) - len(self.given[slug]) for slug in column.into.slugs}
        places = [slug for slug, free in left.items() for _n in range(free)]
        films = chain.from_iterable(column.sources)
        used = []
        for slug in places[:number]:
            for film in films:
                if film in self.slots:
                    used.append(film)
                elif self._fits(slug, film):
                    break
            else:  # a film may have this slot besides another that it combines with
                if not any(self._fits(slug, film) for film in used):
                    return False
        return True

    def _fits(self, slug: str, film: str) -> bool:
        """Give the slot to the film if it can have it; say what is in the way if not."""
        for held in self.slots.get(film, ()):
            if held == slug or not self.lines.together(held, slug):
                self.in_the_way.add((FILM, film))
                return False
        for cap in self.caps[slug]:
            for group in self.board.groups(cap, film):
                if self.board.in_group[cap.name, group] + self.in_group[cap.name, group] >= cap.most:
                    self.in_the_way.add((cap.grouping, group))
                    return False
        for cap in self.caps[slug]:
            self.in_group.update((cap.name, group) for group in self.board.groups(cap, film))
        self.slots[film].append(slug)
        self.given[slug].add(film)
        return True
