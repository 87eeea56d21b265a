"""What a rehearsal writes in bulk is what the actions write one by one: the same rows, by either way."""

from datetime import date

import pytest
from django.db.models import F

from festival.edition.blueprint import named
from festival.edition.models import Edition
from festival.post.models import Notice
from judging.models import CutRow, Look, Score, StandingRow
from judging.rehearsal.contest import Size
from judging.rehearsal.run import Wishes, rehearse, remove
from judging.rehearsal.truth import Habits
from submissions.models import Entry, Event

OPENS = date(2028, 3, 6)
# Who stands aside is replaced at once or together with others: the lots fall otherwise, the rest is the same.
HABITS = Habits(asides=0)


def rows_after(one_by_one):
    size = Size(30, 12, one_by_one=one_by_one)
    found = rehearse(named("tool-makers"), Wishes(size=size, seed=3, opens=OPENS, habits=HABITS, asks=1))
    edition = Edition.objects.get(slug=found["edition"])
    look = (F("round__slug"), F("judge__email"), F("entry__code"))
    rows = {
        "entries": Entry.objects.filter(edition=edition).values_list(
            "code", "state", "submitted_at", "updated_at", "fix_until"
        ),
        "events": Event.objects.filter(entry__edition=edition).values_list(
            "entry__code", "at", "kind", "actor__email", "source", "target", "values__round", "values__watched"
        ),
        "letters": Notice.objects.filter(edition=edition).values_list(
            "user__email", "kind", "created_at", "state", "values__title", "template"
        ),
        "looks": Look.objects.filter(round__edition=edition).values_list(
            *look, "state", "position", "answer", "nominated", "comment", "taken", "seconds", "played",
            "watched_seconds", "revision", "played_at", "saved_at", "scored_at",
        ),
        "scores": Score.objects.filter(look__round__edition=edition).values_list(
            "look__round__slug", "look__judge__email", "look__entry__code", "criterion__slug", "value"
        ),
        "standing": StandingRow.objects.filter(standing__round__edition=edition).values_list(
            "standing__round__slug", "entry__code", "rank"
        ),
        "cuts": CutRow.objects.filter(cut__round__edition=edition).values_list(
            "cut__round__slug", "entry__code", "reason"
        ),
    }  # fmt: skip
    kept = {name: sorted(map(repr, found)) for name, found in rows.items()}
    remove(found["edition"])
    return found, kept


@pytest.mark.django_db
def test_both_ways_leave_the_same_rows():
    single, one_by_one = rows_after(10_000)
    bulk, many = rows_after(0)
    assert single["arriving"]["one_by_one"] > bulk["arriving"]["one_by_one"] > 0
    assert [row["one_by_one"] for row in bulk["rounds"] if "one_by_one" in row] == [0, 0, 0]
    assert all(one_by_one.values())
    assert many == one_by_one
