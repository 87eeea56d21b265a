"""The upload protocol as a machine for hypothesis: any step in any order, each twice, each killed half-way.

What must hold, whatever happens: what was acknowledged is listed until its upload is over; what is listed is there,
whole, with bytes that somebody sent for that part; completing twice is completing once; what is over leaves nothing
behind once the sweep has come round.
"""

import hashlib
import io
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from festival.people.actor import actor_of
from submissions import bucket
from submissions.intake import actions
from submissions.intake.bucket_parts import BucketParts
from submissions.intake.local_parts import LocalParts
from submissions.intake.parts import Driver, Part, part_length
from submissions.models import Entry, FilmVersion, Inspection, Upload
from tests import factories
from tests.submissions.uploading import put_to_bucket

FILES = st.sampled_from(["a", "b"])
NUMBERS = st.integers(1, 3)
BYTES = st.integers(0, 255)
DEATHS = st.integers(0, 12)  # how many boundaries are passed before the process is killed


class Killed(BaseException):
    """`kill -9`: nothing that follows is done either, no tidying up."""


class Grave:
    """Kills at the n-th boundary, and lets nothing more be done until `over`."""

    left: int | None = None

    def boundary(self) -> None:
        if self.left is not None:
            if self.left <= 0:
                raise Killed
            self.left -= 1

    @contextmanager
    def dies(self, after: int) -> Iterator[None]:
        """Whatever is done inside is killed after so many boundaries, if it has as many."""
        self.left = after
        try:
            with suppress(Killed):
                yield
        finally:
            self.left = None


grave = Grave()
FILE_EVENTS = {"open", "os.mkdir", "os.rename", "os.remove", "os.listdir", "os.scandir", "shutil.rmtree"}
_heard = False


def _audit(event: str, _arguments: object) -> None:
    if event in FILE_EVENTS:
        grave.boundary()


class Place:
    """Where parts are kept, and how a client puts them there."""

    driver: Driver
    part: int  # bytes

    @property
    def size(self) -> int:
        return 2 * self.part + 7

    def data(self, upload: Upload, number: int, byte: int) -> bytes:
        return bytes([byte]) * part_length(upload, number)

    def put(self, upload: Upload, number: int, data: bytes) -> bool:
        """Whether the part was acknowledged."""
        raise NotImplementedError

    def holds(self, upload: Upload, part: Part, byte: int) -> bool:
        """Whether the part that is listed consists of this byte."""
        raise NotImplementedError


class Arriving(io.BytesIO):
    """A part that comes in pieces; between two of them the process may be killed."""

    def read(self, size: int | None = -1, /) -> bytes:
        grave.boundary()
        return super().read(min(size or 0, 20))


class Disk(Place):
    """Killed before every operation on a file; the events are Python's own, raised before they are done."""

    part = 64

    def __init__(self) -> None:
        global _heard
        self.driver = LocalParts()
        if not _heard:  # such a hook cannot be taken away again
            sys.addaudithook(_audit)
            _heard = True

    def put(self, upload: Upload, number: int, data: bytes) -> bool:
        url = actions.sign_part(upload=upload, number=number)
        try:
            actions.assert_signed(upload=upload, number=number, signature=url.partition("=")[2])
            kept = actions.keep_part(
                upload=upload, number=number, length=len(data),
                source=Arriving(data), at=timezone.now(), md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
            )  # fmt: skip
        except actions.Refused as error:
            # Over: its folder was never made, beginning again makes it.
            assert error.code == (
                "wrong_length" if len(data) != part_length(upload, number) else "upload_over"
            )
            return False
        return kept.size == len(data)

    def holds(self, upload: Upload, part: Part, byte: int) -> bool:
        assert isinstance(self.driver, LocalParts)
        path = self.driver.folder(upload.pk) / f"{part.number:05}.{part.etag}"
        return path.read_bytes() == self.data(upload, part.number, byte)


class Bucket(Place):
    """Killed before and after every request to a real S3 server; parts go there directly."""

    part = BucketParts.least_part

    def __init__(self) -> None:
        self.driver = BucketParts()
        events = bucket.client().meta.events
        for when in ("before-call.s3", "after-call.s3"):
            events.register(when, lambda **_: grave.boundary(), unique_id=f"grave-{when}")

    def put(self, upload: Upload, number: int, data: bytes) -> bool:
        try:
            url = actions.sign_part(upload=upload, number=number)
        except actions.Refused as error:
            assert (error.code, upload.multipart) == ("upload_over", "")
            return False
        return put_to_bucket(url, data).status_code == 200

    def holds(self, upload: Upload, part: Part, byte: int) -> bool:
        if not part.etag:  # it is one object already
            return bucket.size_of(f"uploads/{upload.pk.hex}") == upload.size
        digest = hashlib.md5(self.data(upload, part.number, byte), usedforsecurity=False)
        return part.etag == digest.hexdigest()


@dataclass
class Model:
    """What may lie in each part of an upload; `sure` are those that were acknowledged."""

    pk: uuid.UUID
    bytes: dict[int, set[int]] = field(default_factory=dict)
    sure: set[int] = field(default_factory=set)

    @property
    def upload(self) -> Upload:
        return Upload.objects.get(pk=self.pk)


class UploadMachine(RuleBasedStateMachine):
    """One entrant with two files for one entry."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        edition = factories.make_edition()
        factories.make_call(edition)
        self.entry: Entry = factories.make_draft(edition)
        self.by = actor_of(self.entry.entrant)
        self.open: dict[str, Model] = {}
        self.done: list[Model] = []
        self.over: list[Model] = []

    # Steps

    def _create(self, file: str) -> Upload:
        return actions.create_upload(
            entry=self.entry, filename=f"{file}.mov", size=self.place.size, fingerprint=file, by=self.by,
            at=timezone.now(),
        )  # fmt: skip

    def _know(self, file: str) -> None:
        """What the client is told when it begins again."""
        row = self.entry.uploads.filter(state=Upload.State.OPEN, filename=f"{file}.mov").first()
        if row and file not in self.open:
            self.open[file] = Model(row.pk)
        assert (row.pk if row else None) == (self.open[file].pk if file in self.open else None)

    @rule(file=FILES)
    def create_twice(self, file: str) -> None:
        assert self._create(file).pk == self._create(file).pk
        self._know(file)

    @rule(file=FILES, after=DEATHS)
    def create_killed(self, file: str, after: int) -> None:
        with grave.dies(after):
            self._create(file)
        self._know(file)

    @rule(file=FILES, number=NUMBERS, byte=BYTES, times=st.integers(1, 2))
    def put(self, file: str, number: int, byte: int, times: int) -> None:
        model = self._begun(file)
        for _time in range(times):
            if self.place.put(model.upload, number, self.place.data(model.upload, number, byte)):
                model.bytes[number], model.sure = {byte}, model.sure | {number}

    @rule(file=FILES, number=NUMBERS, byte=BYTES, after=DEATHS)
    def put_killed(self, file: str, number: int, byte: int, after: int) -> None:
        self._put_killed(self._begun(file), number, byte, after)

    @rule(file=FILES, number=NUMBERS, byte=BYTES, after=DEATHS)
    def replace_killed(self, file: str, number: int, byte: int, after: int) -> None:
        """A part that was acknowledged is sent once more."""
        self._create(file)
        self.put(file, number, 255 - byte, 1)
        self._put_killed(self.open[file], number, byte, after)

    def _begun(self, file: str) -> Model:
        if file not in self.open:
            self.create_twice(file)
        return self.open[file]

    def _put_killed(self, model: Model, number: int, byte: int, after: int) -> None:
        upload, acknowledged = model.upload, False
        with grave.dies(after):
            acknowledged = self.place.put(upload, number, self.place.data(upload, number, byte))
        if acknowledged:
            model.bytes[number], model.sure = {byte}, model.sure | {number}
        else:
            model.bytes.setdefault(number, set()).add(byte)

    @rule(file=FILES, number=NUMBERS, wrong=st.sampled_from([-7, -1, 1]))
    def put_another_length(self, file: str, number: int, wrong: int) -> None:
        upload = self._begun(file).upload
        short = self.place.data(upload, number, 0)
        assert not self.place.put(upload, number, short[:wrong] if wrong < 0 else short + b"x")

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def complete_twice(self, data: Any) -> None:
        file, model = self._named(data)
        missing = {1, 2, 3} - self._listed(model)
        for _time in range(2):
            try:
                version = self._complete(model.upload)
            except actions.MissingParts as error:
                assert set(error.details["missing"]) == missing
            else:
                assert (version.upload_id, missing) == (model.pk, set())
        if not missing:
            self._is_done(file)

    @precondition(lambda self: self.open)
    @rule(data=st.data(), after=DEATHS)
    def complete_killed(self, data: Any, after: int) -> None:
        file, model = self._named(data)
        with grave.dies(after), suppress(actions.MissingParts):
            self._complete(model.upload)
        if model.upload.state == Upload.State.COMPLETE:
            self._is_done(file)

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def complete_killed_before_it_is_committed(self, data: Any) -> None:
        _file, model = self._named(data)
        with grave.dies(10**6), suppress(actions.MissingParts), transaction.atomic():
            self._complete(model.upload)
            raise Killed
        assert model.upload.state == Upload.State.OPEN

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def abort_twice(self, data: Any) -> None:
        file, model = self._named(data)
        for _time in range(2):
            actions.abort_upload(upload=model.upload, at=timezone.now())
        self._is_over(file, Upload.State.ABORTED)

    @precondition(lambda self: self.open)
    @rule(data=st.data(), after=DEATHS)
    def abort_killed(self, data: Any, after: int) -> None:
        file, model = self._named(data)
        with grave.dies(after):
            actions.abort_upload(upload=model.upload, at=timezone.now())
        self._is_over(file, Upload.State.ABORTED)

    @precondition(lambda self: self.open)
    @rule(data=st.data(), after=DEATHS)
    def expire_twice(self, data: Any, after: int) -> None:
        file, model = self._named(data)
        Upload.objects.filter(pk=model.pk).update(expires_at=timezone.now())
        with grave.dies(after):
            actions.expire_uploads(at=timezone.now())
        actions.expire_uploads(at=timezone.now())
        self._is_over(file, Upload.State.EXPIRED)

    @precondition(lambda self: self.done or self.over)
    @rule()
    def what_is_over_stays_over(self) -> None:
        for upload in [model.upload for model in self.over]:
            for step in (self._complete, self._keep_a_part):
                try:
                    step(upload)
                except actions.Refused as error:
                    assert error.code == "upload_over"
                else:
                    raise AssertionError("it was taken")
        for model in self.done:
            actions.abort_upload(upload=model.upload, at=timezone.now())
            assert model.upload.state == Upload.State.COMPLETE

    @rule()
    def sweep_twice(self) -> None:
        for _time in range(2):
            actions.sweep_parts(at=timezone.now() + timedelta(minutes=11))
        kept = {kept.upload_id for kept in self.place.driver.kept()}
        assert kept <= {model.pk for model in [*self.open.values(), *self.done]}
        assert {model.pk for model in self.done} <= kept

    # What the steps need

    def _complete(self, upload: Upload) -> FilmVersion:
        return actions.complete_upload(upload=upload, by=self.by, at=timezone.now())

    def _keep_a_part(self, upload: Upload) -> None:
        source = io.BytesIO(self.place.data(upload, 1, 0))
        actions.keep_part(upload=upload, number=1, length=upload.part_size, source=source, at=timezone.now())

    def _named(self, data: Any) -> tuple[str, Model]:
        file = data.draw(st.sampled_from(sorted(self.open)))
        return file, self.open[file]

    def _listed(self, model: Model) -> set[int]:
        return {part.number for part in self.place.driver.list(model.upload)}

    def _is_done(self, file: str) -> None:
        self.done.append(self.open.pop(file))

    def _is_over(self, file: str, state: str) -> None:
        model = self.open.pop(file)
        assert model.upload.state == state
        self.over.append(model)

    # What must hold after every step

    @invariant()
    def what_is_listed_is_there_whole(self) -> None:
        for model in self.open.values():
            upload = model.upload
            parts = self.place.driver.list(upload)
            assert [part.number for part in parts] == sorted({part.number for part in parts})
            assert model.sure <= {part.number for part in parts} <= set(model.bytes)
            for part in parts:
                assert part.size == part_length(upload, part.number)
                assert any(self.place.holds(upload, part, byte) for byte in model.bytes[part.number])

    @invariant()
    def what_is_complete_is_one_film(self) -> None:
        assert FilmVersion.objects.filter(entry=self.entry).count() == len(self.done)
        assert Inspection.objects.filter(version__entry=self.entry).count() == len(self.done)
        for model in self.done:
            upload = model.upload
            film = b"".join(self.place.driver.blocks(upload))
            assert len(film) == upload.size
            for number in (1, 2, 3):
                first = (number - 1) * upload.part_size
                piece = film[first : first + part_length(upload, number)]
                assert len(set(piece)) == 1
                assert piece[0] in model.bytes[number]

    def teardown(self) -> None:
        for upload in self.entry.uploads.all():
            self.place.driver.abort(upload.pk)
