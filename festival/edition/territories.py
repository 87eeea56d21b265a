"""Codes of countries and regions: ISO 3166-1, as Unicode CLDR has them through Babel. Without Django."""

from functools import lru_cache

from babel import Locale

_GROUPS = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"})  # in the list, but nobody lives there


@lru_cache(maxsize=1)
def territory_codes() -> frozenset[str]:
    """Two letters each, such as CN or FR."""
    known = Locale("en").territories
    return frozenset(
        code for code in map(str, known) if len(code) == 2 and code.isalpha() and code not in _GROUPS
    )
