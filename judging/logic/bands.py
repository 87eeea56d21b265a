"""Rank bands: what an entrant is told of a place without being told the place."""

from collections import Counter
from collections.abc import Mapping, Sequence

LEAST_FILMS = 20  # a round of fewer is too small: a band of it would be a rank
LEAST_PLACES = 2  # a band that holds one place alone is a rank
OUTSIDE = 0


def bands_of(places: Mapping[str, int], bands: Sequence[int]) -> dict[str, int]:
    """By film the narrowest band (per cent) that it is in; OUTSIDE for what is beyond the widest.

    `places` are the shared ranks of a round's films, 1 the best. Films that share a rank count as if all of them stood
    last among their equals, so that a band never holds more films than it says. A film that may lie on either side of
    the widest band is left out, and so are all films of a round of fewer than LEAST_FILMS.
    """
    films = len(places)
    usable = [band for band in sorted(bands) if band * films // 100 >= LEAST_PLACES]
    if films < LEAST_FILMS or not usable:
        return {}
    tied = Counter(places.values())
    found = {}
    for film, place in places.items():
        last = place + tied[place] - 1
        band = next((band for band in usable if last * 100 <= band * films), None)
        if band is not None:
            found[film] = band
        elif place * 100 > usable[-1] * films:
            found[film] = OUTSIDE
    return found
