"""Sums and currencies as they are typed at the desk, and as they are written for readers."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.utils.translation import override

from festival.edition.currencies import currency_codes
from festival.edition.money_forms import AmountField, currency_of_text
from festival.kit.words import amount_text


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("100000", "100000"), ("100,000", "100000"), ("100 000", "100000"), ("１００，０００", "100000"),
        ("1,234,567.50", "1234567.50"), ("12’500.5", "12500.5"), ("100\u202f000", "100000"), ("−1,000", "-1000"),
        ("１２．５０", "12.50"), (" 5 ", "5"),
    ],
)  # fmt: skip
def test_a_sum_is_taken_as_people_write_it(typed: str, amount: str) -> None:
    assert AmountField(decimal_places=2).clean(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["much", "12,50", "1,00,000", "1 000,000", "10万", "CNY 100", "1,000.505"])
def test_what_may_be_read_in_two_ways_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        AmountField(decimal_places=2).clean(typed)


def test_the_refusal_of_a_sum_says_how_to_write_it() -> None:
    with pytest.raises(ValidationError, match="Write it in digits, such as 100,000"):
        AmountField().clean("a lot")


def test_a_currency_is_one_that_is_paid_with_today() -> None:
    assert {"CNY", "USD", "EUR", "JPY", "HKD", "TWD", "KRW", "GBP"} <= currency_codes()
    assert not {"DEM", "XXX", "XAU", "RMB", "cny", ""} & currency_codes()
    assert currency_of_text("cny") == currency_of_text("ＣＮＹ") == "CNY"
    with pytest.raises(ValidationError, match="no currency “RMB”"):
        currency_of_text("RMB")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_sums_are_grouped_in_both_languages(language: str) -> None:
    shown = Template('{{ sum|floatformat:"-2g" }}')
    with override(language):
        assert amount_text(Decimal("1234567.5")) == "1,234,567.50"
        assert shown.render(Context({"sum": Decimal(100000)})) == "100,000"
