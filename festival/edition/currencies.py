"""Codes of currencies: ISO 4217, as Unicode CLDR has them through Babel. Without Django."""

from functools import lru_cache

from babel.core import get_global


@lru_cache(maxsize=1)
def currency_codes() -> frozenset[str]:
    """Three letters each, such as CNY or EUR: money that is legal tender somewhere today, not what once was."""
    return frozenset(
        str(code)
        for used in get_global("territory_currencies").values()
        for code, _since, until, is_tender in used
        if is_tender and until is None
    )


def is_currency(text: str) -> bool:
    return text in currency_codes()
