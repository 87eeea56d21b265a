"""Files whose rows are gone: removed when nobody needs them, never under the hands of one who stores the same."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from personal import remnants
from personal.models import Erasure, Remnant
from submissions import attachment_actions, storing
from submissions.models import Asset
from tests.factories import make_attachment, make_edition, make_entry, make_user
from tests.personal.lives import asset_of

NOW = timezone.now()


@pytest.fixture
def erasure(db: None, media: Path) -> Erasure:
    return Erasure.objects.create(
        user=make_user(), way="own", asked_at=NOW, due_at=NOW + timedelta(days=7), hinted_at=NOW
    )


def left(erasure: Erasure, kind: str, key: str) -> Remnant:
    remnants.note(erasure, {(kind, key)})
    remnants.note(erasure, {(kind, key)})
    return Remnant.objects.get(kind=kind, key=key)


def test_an_original_goes_with_its_row(erasure: Erasure) -> None:
    asset = asset_of("once")
    assert remnants.remove(left(erasure, "original", asset.sha256))
    assert not storages["default"].exists(asset.key)
    assert not Asset.objects.exists()
    assert not remnants.remove(left(erasure, "original", asset.sha256))  # twice is once


def test_an_original_that_another_entry_has_stays_with_what_was_made_from_it(erasure: Erasure) -> None:
    row = make_attachment(make_entry(make_edition()))
    row.asset = asset_of("shared")
    row.save()
    made = storages["default"].save(f"pictures/{row.asset.sha256}-1/640.webp", ContentFile(b"small"))
    assert not remnants.remove(left(erasure, "original", row.asset.sha256))
    assert not remnants.remove(left(erasure, "made", f"pictures/{row.asset.sha256}-1"))
    assert storages["default"].exists(row.asset.key) and storages["default"].exists(made)
    assert Remnant.objects.count() == 0


def test_a_prefix_goes_with_everything_under_it(erasure: Erasure) -> None:
    store = storages["default"]
    for name in ("1/still.jpg", "1/sheet.jpg", "glance/still.jpg"):
        store.save(f"inspections/7/{name}", ContentFile(b"x"))
    store.save("inspections/77/1/still.jpg", ContentFile(b"x"))
    assert remnants.remove(left(erasure, "made", "inspections/7"))
    assert store.listdir("inspections")[0] == ["77"]
    assert store.exists("inspections/77/1/still.jpg")
    storing.remove("inspections/7")


def test_who_stores_the_same_bytes_meanwhile_is_told_to_do_it_again(erasure: Erasure) -> None:
    """The file was there when it was looked for, and is gone when its row is written."""
    row = make_attachment(make_entry(make_edition()), state="waiting")
    asset = asset_of("in the same moment")
    key, sha256 = asset.key, asset.sha256
    remnants.remove(left(erasure, "original", sha256))
    with pytest.raises(FileNotFoundError):
        attachment_actions.record_original(row=row, sha256=sha256, size=3, key=key, at=NOW)
    assert not Asset.objects.filter(sha256=sha256).exists()
    storages["default"].save(key, ContentFile(b"again"))
    attachment_actions.record_original(row=row, sha256=sha256, size=5, key=key, at=NOW)
    assert Asset.objects.get(sha256=sha256).key == key
