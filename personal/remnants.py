"""What is left in the storage when rows are gone: noted in the transaction that deletes them, removed afterwards."""

import re
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from festival.catalogue.models import Film
from personal.models import Erasure, Remnant
from submissions import storing
from submissions.models import Asset, Attachment, Entry, Inspection, PublishedCopy, SubtitleFile

SHA256 = re.compile(r"[0-9a-f]{64}")
Ref = tuple[str, str]
ORIGINAL, MADE = Remnant.Kind.ORIGINAL, Remnant.Kind.MADE


def refs_of(entry: Entry) -> set[Ref]:
    """Everything in the storage that rows of this entry refer to."""
    used = Q(versions__entry=entry.pk) | Q(attachments__entry=entry.pk) | Q(subtitle_files__entry=entry.pk)
    found = set()
    for sha256 in Asset.objects.filter(used).values_list("sha256", flat=True):
        # The copy too when no row says so yet: a worker may just have made it.
        found |= {(ORIGINAL, sha256), (MADE, storing.copy_key(sha256))}
    inspections = Inspection.objects.filter(version__entry=entry.pk)
    for pk, folder, copy, glance in inspections.values_list("pk", "folder", "copy_key", "glance"):
        found.add((MADE, copy))
        if folder or glance:
            found.add((MADE, f"inspections/{pk}"))
    keys: list[Iterable[str]] = [
        Attachment.objects.filter(entry=entry.pk).values_list("folder", flat=True),
        SubtitleFile.objects.filter(entry=entry.pk).values_list("webvtt_key", flat=True),
        PublishedCopy.objects.filter(entry=entry.pk).values_list("key", flat=True),
        Film.objects.filter(edition=entry.edition_id, source=entry.code).values_list("still", flat=True),
    ]
    found |= {(MADE, key) for rows in keys for key in rows}
    return {(kind, key) for kind, key in found if key}


def folders_of(entry: Entry) -> set[Ref]:
    """Where workers put what they make of its films, whether or not they have said so yet: one may just be at it."""
    ids = Inspection.objects.filter(version__entry=entry.pk).values_list("pk", flat=True)
    return {(MADE, f"inspections/{pk}") for pk in ids}


def note(erasure: Erasure, refs: Iterable[Ref]) -> None:
    """Have these removed. Called in the transaction in which the rows go."""
    rows = (Remnant(erasure=erasure, kind=kind, key=key) for kind, key in sorted(refs))
    Remnant.objects.bulk_create(rows, ignore_conflicts=True)


def remove(remnant: Remnant) -> bool:
    """Remove one from the storage; False where another row needs it, so that it stays. Twice is once."""
    if remnant.kind == ORIGINAL:
        gone = _remove_original(remnant.key)
    else:
        gone = _remove_made(remnant.key)
    remnant.delete()
    return gone


@transaction.atomic
def _remove_original(sha256: str) -> bool:
    """The asset is held meanwhile: whoever stores the same bytes now waits, and then finds that they must be kept anew.

    See `storing.assert_kept`.
    """
    asset = Asset.objects.select_for_update().filter(sha256=sha256).first()
    if asset is None:
        return False
    for relation in Asset._meta.related_objects:
        if relation.related_model._default_manager.filter(**{relation.field.name: asset}).exists():
            return False
    storing.remove(asset.key)
    asset.delete()
    return True


@transaction.atomic
def _remove_made(key: str) -> bool:
    """What was made from an original goes with it, and stays as long as somebody else has the same."""
    named = SHA256.search(key)
    if named and Asset.objects.select_for_update().filter(sha256=named[0]).exists():
        return False
    storing.remove(key)
    return True
