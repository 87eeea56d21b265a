"""The site's clock reminds teams in a rehearsal: it goes round at each moment from which a reminder could be due."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import ceil

from django.conf import settings

from festival.edition.blueprint import end_of_day
from festival.edition.models import Edition
from judging.rehearsal.agenda import Agenda
from submissions.cohorts import item_reminders, reminders

BEAT = settings.CELERY_BEAT_SCHEDULE["places"][
    "schedule"
]  # seconds between two rounds of the site's own clock


@dataclass
class Clock:
    """Goes round for one edition alone: its hands are ahead of the site's, and other teams have nothing to do with it.

    Rounds in which nothing can be due are left out; so what is sent is what the site's own clock would have sent.
    """

    edition: Edition
    agenda: Agenda
    rounds: set[datetime] = field(default_factory=set)

    def watch(self, due: datetime, at: datetime) -> None:
        """From now on this date holds for a team."""
        for moment in (at, due - reminders.WEEK, due - reminders.DAY, due):
            self._round(moment, at)

    def watch_task(self, due_on: date, at: datetime) -> None:
        """Something is to be done by the end of this day: reminded of from the day before on."""
        two_before = due_on - timedelta(days=2)
        self._round(end_of_day(0, two_before, self.edition.time_zone), at)

    def _round(self, moment: datetime, at: datetime) -> None:
        beat = datetime.fromtimestamp(ceil(moment.timestamp() / BEAT) * BEAT, UTC)
        if moment >= at and beat not in self.rounds:
            self.rounds.add(beat)
            self.agenda.add(beat, self._remind)

    def _remind(self, at: datetime) -> None:
        reminders.remind(at=at, edition=self.edition)
        item_reminders.remind(at=at, edition=self.edition)
