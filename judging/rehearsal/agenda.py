"""What is still to happen to the teams of a rehearsal, by its moment, and who has time to review what they deliver."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from festival.kit.errors import Refused
from festival.people.actor import Actor
from judging.rehearsal.report import HOURS_A_DAY

Do = Callable[[datetime], None]
NEXT_MORNING = timedelta(hours=12)  # until a delivery is looked at


@dataclass
class Agenda:
    """What is still to happen, for all cohorts. A refusal of the site is counted, and the next thing comes."""

    plan: list[tuple[datetime, int, Do]] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=count)
    refused: dict[str, int] = field(default_factory=dict)

    def add(self, moment: datetime, do: Do) -> None:
        """Of two things at one moment the one that was planned first comes first."""
        heappush(self.plan, (moment, next(self.numbers), do))

    def go_on(self, until: datetime) -> None:
        """Everything that is planned before this moment, and what follows from it."""
        while self.plan and self.plan[0][0] < until:
            moment, _number, do = heappop(self.plan)
            try:
                do(moment)
            except Refused as refused:
                code = str(refused.code or "refused")
                self.refused[code] = self.refused.get(code, 0) + 1


@dataclass
class Desk:
    """The organisers who review: each has so many hours a day, and none while the jury meets or films are shown."""

    reviewers: Sequence[Actor]
    busy: Sequence[tuple[datetime, datetime]]
    free: list[datetime] = field(default_factory=list)

    def takes(self, at: datetime, hours: float) -> tuple[datetime, Actor]:
        """When a delivery that comes now is reviewed, and by whom: the one who has time first."""
        if not self.free:
            self.free = [at] * len(self.reviewers)
        number = min(range(len(self.free)), key=lambda one: self.free[one])
        begins = max(at + NEXT_MORNING, self.free[number])
        for start, end in self.busy:
            if start <= begins < end:
                begins = end
        self.free[number] = begins + timedelta(days=hours / HOURS_A_DAY)
        return self.free[number], self.reviewers[number]
