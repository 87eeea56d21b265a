"""Parts of uploads in the bucket itself: the client puts them there, and not one byte of a film passes through us.

An upload is one multipart upload of the bucket under `uploads/<id>`; `Upload.multipart` holds the bucket's own name of
it. What the bucket lists is the truth.
"""

import re
import tempfile
import uuid
from collections.abc import Iterator
from typing import IO, Any

from django.conf import settings

from submissions import bucket
from submissions.bucket import Gone, Unreachable, asked
from submissions.intake.parts import (
    BLOCK,
    SIGNED_SECONDS,
    Closed,
    CutOff,
    Damaged,
    Kept,
    Part,
    Source,
    part_length,
)
from submissions.models import Upload

FOLDER = "uploads/"
KEY = re.compile(r"^uploads/([0-9a-f]{32})$")
IN_MEMORY = 32 << 20  # bytes of a part from the plain form; a larger part waits on the disk


class BucketParts:
    """Parts in an S3-compatible bucket."""

    least_part = 5 << 20

    def key(self, upload_id: uuid.UUID) -> str:
        return f"{FOLDER}{upload_id.hex}"

    def has_room(self, size: int) -> bool:
        return True

    def start(self, upload: Upload) -> str:
        if upload.multipart and self._is_there(upload):
            return upload.multipart
        with asked():
            made = bucket.client().create_multipart_upload(
                Bucket=bucket.name(), Key=self.key(upload.pk), ContentType="application/octet-stream"
            )
        return str(made["UploadId"])

    def _is_there(self, upload: Upload) -> bool:
        """Whether the bucket still knows the upload, or has made the film of it already."""
        try:
            with asked():
                bucket.client().list_parts(**self._named(upload), MaxParts=1)
        except Gone:
            return self._is_whole(upload)
        return True

    def _is_whole(self, upload: Upload) -> bool:
        return bucket.size_of(self.key(upload.pk)) == upload.size

    def _named(self, upload: Upload) -> dict[str, Any]:
        return {"Bucket": bucket.name(), "Key": self.key(upload.pk), "UploadId": upload.multipart}

    def sign(self, upload: Upload, number: int) -> str:
        if not upload.multipart:
            raise Closed
        wanted = {**self._named(upload), "PartNumber": number, "ContentLength": part_length(upload, number)}
        return str(bucket.client().generate_presigned_url("upload_part", wanted, ExpiresIn=SIGNED_SECONDS))

    def put(self, upload: Upload, number: int, source: Source, md5: str = "") -> Part:
        """From the plain form, whose bytes have come to us anyway."""
        length = part_length(upload, number)
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, dir=settings.SPOOL) as file:
            _take(source, file, length)
            try:
                with asked():
                    kept = bucket.client().upload_part(**self._named(upload), PartNumber=number, Body=file)
            except Gone:
                raise Closed from None
        part = Part(number, length, kept["ETag"].strip('"'))
        if md5 and part.etag != md5:
            raise Damaged
        return part

    def list(self, upload: Upload) -> list[Part]:
        if not upload.multipart:
            return []
        try:
            with asked():
                pages = bucket.client().get_paginator("list_parts").paginate(**self._named(upload))
                rows = [row for page in pages for row in page.get("Parts", [])]
        except Gone:
            numbers = range(1, upload.part_count + 1) if self._is_whole(upload) else ()
            return [Part(number, part_length(upload, number), "") for number in numbers]
        return [Part(row["PartNumber"], row["Size"], row["ETag"].strip('"')) for row in rows]

    def complete(self, upload: Upload) -> None:
        parts = self.list(upload)
        if parts and parts[0].etag:
            self._join(upload, parts)
        if not self._is_whole(upload):
            raise Closed

    def _join(self, upload: Upload, parts: "list[Part]") -> None:
        named = [{"PartNumber": part.number, "ETag": f'"{part.etag}"'} for part in parts]
        try:
            with asked():
                bucket.client().complete_multipart_upload(
                    **self._named(upload), MultipartUpload={"Parts": named}
                )
        except Gone:
            return  # somebody was faster, or it was cancelled: the object tells which
        except Unreachable:  # its answer may have been lost, and some buckets say 500 to who comes second
            if not self._is_whole(upload):
                raise

    def blocks(self, upload: Upload) -> Iterator[bytes]:
        yield from bucket.blocks_of(self.key(upload.pk), BLOCK)

    def staged(self, upload: Upload) -> str:
        return self.key(upload.pk)

    def abort(self, upload_id: uuid.UUID) -> None:
        for kept in self._multiparts(self.key(upload_id)):
            self.remove(kept)
        self.remove(Kept(upload_id, 0))

    def kept(self) -> Iterator[Kept]:
        yield from self._multiparts(FOLDER)
        with asked():
            pages = (
                bucket.client().get_paginator("list_objects_v2").paginate(Bucket=bucket.name(), Prefix=FOLDER)
            )
            rows = [row for page in pages for row in page.get("Contents", [])]
        for row in rows:
            if named := KEY.match(row["Key"]):
                yield Kept(uuid.UUID(named[1]), row["LastModified"].timestamp())

    def _multiparts(self, prefix: str) -> "list[Kept]":
        with asked():
            pages = bucket.client().get_paginator("list_multipart_uploads")
            rows = [
                row
                for page in pages.paginate(Bucket=bucket.name(), Prefix=prefix)
                for row in page.get("Uploads", [])
            ]
        found = [(KEY.match(row["Key"]), row) for row in rows]
        return [
            Kept(uuid.UUID(named[1]), row["Initiated"].timestamp(), row["UploadId"])
            for named, row in found
            if named
        ]

    def remove(self, kept: Kept) -> None:
        where = {"Bucket": bucket.name(), "Key": self.key(kept.upload_id)}
        try:
            with asked():
                if kept.multipart:
                    bucket.client().abort_multipart_upload(**where, UploadId=kept.multipart)
                else:
                    bucket.client().delete_object(**where)
        except Gone:
            return


def _take(source: Source, file: IO[bytes], length: int) -> None:
    """Exactly `length` bytes of `source`, ready to be read from the beginning."""
    received = 0
    while received < length:
        block = memoryview(source.read(min(BLOCK, length - received)))
        if not block:
            raise CutOff
        received += len(block)
        file.write(block)
    file.seek(0)
