"""Pages by where the last one ended: every row once, both ways, also when rows come in between."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict

from festival.edition.models import Edition
from festival.kit import keyset
from festival.kit.keyset import KeysetPage, Mark, Order, aware, keyset_page, mark_of
from submissions.models import Entry
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
BY_TIME = Order("submitted", "submitted_at", read=aware)
BY_TITLE = Order("title", "title")


@pytest.fixture
def edition() -> Edition:
    edition = factories.make_edition()
    for number in range(11):  # many share a moment, and a title
        factories.make_entry(
            edition, title="灯" if number % 2 else "Lamp", submitted_at=NOW + timedelta(hours=number // 4)
        )
    return edition


def page(order: Order, size: int = 4, **asked: str) -> KeysetPage:
    query = QueryDict(mutable=True)
    query.update(asked)
    return keyset_page(Entry.objects.all(), order, query, size)


def walk(order: Order, name: str, start: KeysetPage) -> Iterator[KeysetPage]:
    yield start
    while mark := getattr(start, name):
        start = page(order, **{name: mark})
        yield start


@pytest.mark.parametrize("order", [BY_TIME, BY_TIME.turned, BY_TITLE, BY_TITLE.turned])
def test_every_row_once_forwards_and_back(edition: Edition, order: Order) -> None:
    every = list(order.sorted(Entry.objects.all()).values_list("pk", flat=True))
    pages = list(walk(order, "after", page(order)))
    assert [pk for one in pages for pk in one] == every
    assert [(one.first, one.last, one.total) for one in pages] == [(1, 4, 11), (5, 8, 11), (9, 11, 11)]
    assert (pages[0].before, pages[-1].after) == ("", "")
    back = list(walk(order, "before", pages[-1]))
    assert [list(one) for one in back] == [every[8:], every[4:8], every[:4]]
    assert back[-1].before == ""


def test_rows_that_come_in_between_neither_repeat_nor_leave_out(edition: Edition) -> None:
    first = page(BY_TIME.turned)
    newest = factories.make_entry(edition, submitted_at=NOW + timedelta(days=1))
    second = page(BY_TIME.turned, after=first.after)
    assert set(first).isdisjoint(second)
    assert (second.first, second.total) == (6, 12)  # one more stands before it now
    assert page(BY_TIME.turned, before=second.before).rows == [*first.rows]
    assert page(BY_TIME.turned).rows[0] == newest.pk


def test_half_a_first_page_is_filled(edition: Edition) -> None:
    every = list(BY_TIME.sorted(Entry.objects.all()).values_list("pk", "submitted_at"))
    mark = Mark(every[2][1], every[2][0])
    back = page(BY_TIME, before=str(mark))
    assert list(back) == [pk for pk, _at in every[:4]]
    assert (back.first, back.before) == (1, "")


def test_what_is_no_mark_is_not_asked(edition: Edition) -> None:
    first = list(page(BY_TIME))
    for text in ("", "x", "1", "1.", "1.2026", "1.2026-11-27T12:00:00", "-1.x", "1.\x00", "9" * 30 + ".x"):
        assert list(page(BY_TIME, after=text)) == first, text
        assert mark_of(text, BY_TIME) is None
    gone = Mark(NOW + timedelta(days=9), 1)
    assert list(page(BY_TIME, after=str(gone))) == first  # nothing stands behind it


def test_it_counts_only_as_far_as_that_is_cheap(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyset, "COUNTED", 5)
    pages = list(walk(BY_TIME, "after", page(BY_TIME)))
    assert [(one.first, one.last, one.total) for one in pages] == [
        (1, 4, None),
        (5, 8, None),
        (None, None, None),
    ]
