"""Films sorted into kinds: those that are open for the same slots and that rules tell apart as little as is needed."""

from collections import defaultdict
from collections.abc import Iterable

from judging.logic.awarding.board import Board
from judging.logic.awarding.lines import Group
from judging.logic.awarding.problem import FILM

Kind = tuple[int, int, tuple[Group, ...]]  # open slots, quotas that mean it, groups that are told apart
NOTHING: Kind = (0, 0, ())


class Kinds:
    """Films by kind. At first no groups are told apart; `tell_apart` is called with those that turn out to matter.

    `strict`: films whose group has all that a limit allows are open for no slot that it counts.
    """

    def __init__(self, board: Board, *, strict: bool = True) -> None:
        self.board, self.strict = board, strict
        lines = board.lines
        self.apart: set[Group] = set()
        self.kind: dict[str, Kind] = {}
        self.films: dict[Kind, dict[str, None]] = defaultdict(dict)
        self.capped = [(cap, lines.mask(cap.slots)) for cap in board.problem.caps]
        # films of small groups first: they are seldom in each other's way
        size = {
            film: max((len(lines.members[group]) for group in groups), default=0)
            for film, groups in lines.groups.items()
        }
        for film in sorted(lines.open, key=lambda film: (size[film], film)):
            self._sort(film)

    def give(self, slug: str, film: str, *, share: bool = False) -> None:
        """Enter an award."""
        self._sort_again(film, self.board.give(slug, film, share=share))

    def take_back(self, slug: str, film: str) -> None:
        """Undo the last award, one of a film that shares."""
        self.board.take_back(slug, film)
        self._sort_again(film, self.board.lines.groups[film])

    def tell_apart(self, groups: Iterable[Group]) -> bool:
        """Count these groups from now on; a film can be a group of its own. False if all were told apart before."""
        new = set(groups) - self.apart
        self.apart |= new
        for grouping, group in sorted(new):
            films = [group] if grouping == FILM else self.board.lines.members[grouping, group]
            for film in films:
                self._sort(film)
        return bool(new)

    def _sort_again(self, film: str, groups: Iterable[Group]) -> None:
        self._sort(film)
        for name in groups if self.strict else ():
            for other in self.board.lines.members.get(name, ()):
                self._sort(other)

    def _sort(self, film: str) -> None:
        mask = self._open(film)
        kind = NOTHING
        if mask:
            groups = [group for group in self.board.lines.groups[film] if group in self.apart]
            if (FILM, film) in self.apart:
                groups.append((FILM, film))
            kind = (mask, self.board.lines.counted[film], tuple(groups))
        had = self.kind.get(film, NOTHING)
        if kind == had:
            return
        if had != NOTHING:
            del self.films[had][film]
            if not self.films[had]:
                del self.films[had]
        if kind != NOTHING:
            self.films[kind][film] = None
        self.kind[film] = kind

    def _open(self, film: str) -> int:
        board, lines = self.board, self.board.lines
        mask = lines.open[film]
        for slug in board.holds.get(film, ()):
            mask &= lines.combines[slug]
        if not (mask and self.strict):
            return mask
        for cap, counted in self.capped:
            if mask & counted and any(
                board.in_group[cap.name, group] >= cap.most for group in board.groups(cap, film)
            ):
                mask &= ~counted
        return mask
