"""Which place keeps an upload's parts: the bucket where films are stored in one, else this machine's disk."""

from submissions import storing
from submissions.intake.bucket_parts import BucketParts
from submissions.intake.local_parts import LocalParts
from submissions.intake.parts import Driver
from submissions.models import Upload

DRIVERS: dict[str, Driver] = {Upload.Place.DISK: LocalParts(), Upload.Place.BUCKET: BucketParts()}


def place_of_new() -> Upload.Place:
    """Where uploads that begin now are kept; those that began elsewhere stay where they are."""
    return Upload.Place.DISK if storing.is_local() else Upload.Place.BUCKET


def driver_of(upload: Upload) -> Driver:
    """The driver that keeps this upload."""
    return DRIVERS[upload.place]


def drivers_here() -> dict[str, Driver]:
    """The drivers that this site can reach now, by place."""
    return {
        place: driver for place, driver in DRIVERS.items() if place in (Upload.Place.DISK, place_of_new())
    }
