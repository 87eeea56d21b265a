"""The job of the worker: hold one film against all others by its fingerprints. Safe to run twice at any point."""

import numpy as np
from django.utils import timezone

from submissions import match_actions, match_archive, match_queries
from submissions.inspection.fingerprint import Prints
from submissions.inspection.matching import Likeness, Range, compare, shortlist
from submissions.match_actions import Found
from submissions.models import FilmPrints, FilmVersion, Match


def run(version_id: int) -> list[Match]:
    """Compare a film with the newest films of all other entries of its edition and earlier ones.

    Gives what was not known before. An older version of an entry's film is passed over: the newest speaks for it.
    """
    rows = FilmPrints.objects.select_related("version__entry__edition", "version__asset")
    mine = rows.filter(version_id=version_id).first()
    if mine is None or mine.matched_at is not None:
        return []
    try:
        prints = Prints.from_bytes(bytes(mine.data))
    except ValueError:
        match_actions.pass_over(prints=mine, at=timezone.now())
        return []
    version = mine.version
    found: list[Found] = []
    newer = FilmVersion.objects.filter(
        entry=version.entry_id, number__gt=version.number, prints__isnull=False
    )
    if not newer.exists():
        same = match_queries.same_file(version)
        found = [(other, Match.Kind.FILE, _whole(prints)) for other in sorted(same)]
        found += [each for each in _alike(version, prints) if each[0] not in same]
    return match_actions.record_matches(prints=mine, found=found, at=timezone.now())


def _whole(prints: Prints) -> Likeness:
    end = round(float(prints.times[-1]), 2) if len(prints.times) else 0.0
    return Likeness("picture", 1.0, False, (Range(0.0, end, 0.0, end),))


def _alike(version: FilmVersion, prints: Prints) -> list[Found]:
    """Versions of other entries that share pictures or sound with this film. Three queries."""
    others = match_queries.to_compare(version)
    if not others:
        return []
    shelf = match_archive.opened(list(others))
    among = np.isin(shelf.ids, np.array(list(others)))
    ids = [int(shelf.ids[place]) for place in shortlist(prints, shelf.pictures, shelf.sounds, among)]
    return [
        (others[pk], likeness.kind, likeness)
        for pk, data in FilmPrints.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "data")
        for likeness in compare(prints, Prints.from_bytes(bytes(data)))
    ]
