"""The ledger's sums: also of what was promised without a limit."""

from decimal import Decimal

import pytest
from django.utils import timezone, translation

from festival.kit.words import amount_text
from submissions.cohorts import support_queries
from submissions.cohorts.models import Place
from tests.factories import make_edition
from tests.submissions.cohorts.making import make_cohort, make_place

pytestmark = pytest.mark.django_db


def write(place: Place, side: str, amount: str | None, kind: str = "credits", unit: str = "credits") -> None:
    now = timezone.now()
    place.support.create(
        kind=kind, side=side, amount=amount and Decimal(amount), unit=unit, on=now.date(), at=now
    )


def test_what_has_no_limit_stays_open_however_much_was_given() -> None:
    cohort = make_cohort(make_edition())
    first, second = make_place(cohort), make_place(cohort)
    write(first, "promised", None)
    write(first, "given", "40")
    write(second, "promised", "100")
    write(second, "given", "30.50")
    write(second, "promised", "9", "cash", "CNY")
    unlimited = ("credits", None, Decimal(40), None)
    for balances in (
        support_queries.balances(support_queries.lines_of(first)),
        support_queries.balances_of(first),
        support_queries.balances_by_place(cohort)[first.pk],
    ):
        assert [(one.unit, one.promised, one.given, one.open) for one in balances] == [unlimited]
    together = support_queries.totals(support_queries.balances_by_place(cohort))
    assert [(one.unit, one.promised, one.given, one.open) for one in together] == [
        ("CNY", Decimal(9), Decimal(0), Decimal(9)),
        ("credits", None, Decimal("70.50"), None),
    ]
    rows = list(support_queries.sheet(cohort))
    assert [row[5] for row in rows] == ["unlimited", 40.0, 100.0, 30.5, 9.0]


@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [
        (None, "unlimited", "不限量"),
        (Decimal("12000.00"), "12,000", "12,000"),
        (Decimal("0.5"), "0.50", "0.50"),
    ],
)
def test_amounts_in_words(amount: Decimal | None, english: str, chinese: str) -> None:
    for language, text in (("en", english), ("zh-hans", chinese)):
        with translation.override(language):
            assert amount_text(amount) == text
