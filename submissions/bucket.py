"""The bucket that films are stored in: one client for all threads, and its troubles in words."""

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from typing import Any

from django.core.files.storage import storages
from django.utils.translation import gettext as _

from festival.kit.errors import Refused

log = logging.getLogger(__name__)
CONNECT_SECONDS, ANSWER_SECONDS = 5, 60
TRIES = 3  # of one request; also of one download without a single new byte
GONE = ("NoSuchUpload", "NoSuchKey", "NotFound", "404")


class Unreachable(Refused):
    """The bucket does not answer, or does not let us in. Worth trying again: nothing is lost by it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The film store does not answer at the moment. Try again in a minute: nothing that has arrived is lost."
            ),
            status=503,
            code="storage_away",
        )


def name() -> str:
    return str(storages["default"].bucket_name)


def client() -> Any:
    """boto3's client for the bucket of films; safe to share between threads."""
    storage: Any = storages["default"]
    return _client(
        storage.endpoint_url,
        storage.region_name,
        storage.addressing_style,
        storage.access_key,
        storage.secret_key,
        storage.security_token,
    )


@lru_cache(maxsize=2)
def _client(endpoint: str, region: str, style: str, key: str, secret: str, token: str) -> Any:
    import boto3.session  # only sites with a bucket load it
    from botocore.config import Config

    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": style},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=ANSWER_SECONDS,
        retries={"total_max_attempts": TRIES, "mode": "standard"},
        max_pool_connections=16,
        # Many S3-compatible servers know no checksum in a trailer; and a multipart upload that promises checksums
        # would ask them of every part.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return boto3.session.Session().client(
        "s3", endpoint_url=endpoint, region_name=region, config=config,
        aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token,
    )  # fmt: skip


class Gone(Exception):
    """The bucket knows no such object or upload."""


@contextmanager
def asked() -> Iterator[None]:
    """Around requests: what keeps the bucket from answering is Unreachable, and logged; what is not there is Gone."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        if code_of(error) in GONE:
            raise Gone from error
        log.error("the bucket refuses: %s", error)
        raise Unreachable from error
    except (BotoCoreError, OSError) as error:
        log.warning("the bucket does not answer: %s", error)
        raise Unreachable from error


def code_of(error: Any) -> str:
    """The bucket's own word for what was wrong; "404" where an answer has no body."""
    return str(error.response.get("Error", {}).get("Code", ""))


def size_of(key: str) -> int | None:
    """Bytes of an object; None when there is none."""
    try:
        with asked():
            return int(client().head_object(Bucket=name(), Key=key)["ContentLength"])
    except Gone:
        return None


def blocks_of(key: str, block: int, *, first: int = 0, last: int | None = None) -> Iterator[bytes]:
    """An object's bytes, from `first` to `last` included, as a stream of bounded memory.

    A broken line is taken up where it broke, in the same object. Whoever stops early gives the connection up.
    Raises FileNotFoundError when there is none, Unreachable when the bucket stays away.
    """
    at, tries, etag, end = first, 0, "", -1
    while at != end:
        where = {"IfMatch": etag} if etag else {}
        if at or last is not None:
            where["Range"] = f"bytes={at}-{'' if last is None else last}"
        try:
            with asked():
                answer = client().get_object(Bucket=name(), Key=key, **where)
                if not etag:
                    etag, end = answer["ETag"], at + int(answer["ContentLength"])
                with closing(answer["Body"]) as body:
                    for data in body.iter_chunks(block):
                        yield data
                        at, tries = at + len(data), 0
        except Gone:
            raise FileNotFoundError(key) from None
        except Unreachable:
            tries += 1
            if tries >= TRIES:
                raise


def copy_within(source: str, target: str, step: Any, *, at_once: int = 5 << 30, piece: int = 1 << 30) -> None:
    """Copy an object inside the bucket: not one byte comes here. `step` hears bytes so far.

    An object of more than `at_once` bytes is copied in pieces of `piece`; it appears whole, or not at all.
    """
    from boto3.s3.transfer import TransferConfig

    done = 0

    def heard(count: int) -> None:
        nonlocal done
        done += count
        step(done)

    with asked():
        client().copy(
            {"Bucket": name(), "Key": source},
            name(),
            target,
            Callback=heard,
            # In this thread: `step` writes to the database, whose connection is this thread's own.
            Config=TransferConfig(
                multipart_threshold=at_once + 1, multipart_chunksize=piece, use_threads=False
            ),
        )
