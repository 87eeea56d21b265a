"""What a bucket needs before films can go straight to it, and whether it has that. For `manage.py prepare_bucket`."""

import http.client
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from submissions import bucket

UNFINISHED_DAYS = 8  # an unfinished upload of ours waits seven
PROBE = b"Firstlight was here to see whether films can be kept.\n"
OURS = "firstlight"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was tried: what it is, and what is wrong and to be done; nothing when it is well."""

    what: str
    trouble: str = ""


def cors_rules(site: str) -> list[dict[str, Any]]:
    """What lets a page of `site` put parts into the bucket and read what the bucket says to that."""
    return [
        {
            "ID": f"{OURS}-uploads",
            "AllowedOrigins": [site],
            "AllowedMethods": ["PUT"],
            "AllowedHeaders": ["content-type"],
            "ExposeHeaders": ["ETag"],
            "MaxAgeSeconds": 3600,
        }
    ]


def lifecycle_rules() -> list[dict[str, Any]]:
    """What frees the room of multipart uploads that everybody has forgotten."""
    return [
        {
            "ID": f"{OURS}-unfinished",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": UNFINISHED_DAYS},
        }
    ]


def as_json(rules: list[dict[str, Any]], name: str) -> str:
    """The rules as the consoles and command lines of S3 take them."""
    return json.dumps({name: rules}, indent=2)


def make() -> Said:
    """Make the bucket, closed to the public; one that is there stays as it is."""
    try:
        bucket.client().create_bucket(Bucket=bucket.name(), **_place())
    except ClientError as error:
        if bucket.code_of(error) not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
            return Said("The bucket is made", _words(error))
    return Said("The bucket is made")


def _place() -> dict[str, Any]:
    region = bucket.client().meta.region_name
    amazon = "amazonaws.com" in bucket.client().meta.endpoint_url
    return (
        {"CreateBucketConfiguration": {"LocationConstraint": region}}
        if amazon and region != "us-east-1"
        else {}
    )


def prepare() -> Iterator[Said]:
    """Write both rules; rules that others wrote stay beside ours."""
    client, name = bucket.client(), bucket.name()
    cors, lifecycle = cors_rules(settings.SITE_URL), lifecycle_rules()

    def write_cors() -> None:
        rules = _others(lambda: client.get_bucket_cors(Bucket=name)["CORSRules"]) + cors
        client.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": rules})

    def write_lifecycle() -> None:
        rules = _others(lambda: client.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]) + lifecycle
        client.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})

    by_hand = "Set it by hand, in the console of the store:\n"
    yield _tried(
        f"Pages of {settings.SITE_URL} may put parts into it (CORS)", write_cors,
        by_hand + as_json(cors, "CORSRules"),
    )  # fmt: skip
    yield _tried(
        f"Unfinished uploads are forgotten after {UNFINISHED_DAYS} days (lifecycle)", write_lifecycle,
        by_hand + as_json(lifecycle, "Rules"),
    )  # fmt: skip


def _others(read: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The rules that are not ours; a bucket without any answers with an error."""
    try:
        rules = read()
    except ClientError as error:
        if bucket.code_of(error).startswith("NoSuch"):
            return []
        raise
    return [rule for rule in rules if not str(rule.get("ID", "")).startswith(f"{OURS}-")]


def examine() -> Iterator[Said]:
    """Do once with a few bytes what an upload does; stops at what nothing can go on without, and leaves nothing."""
    client, name = bucket.client(), bucket.name()
    there = _tried(f"The bucket {name!r} answers", lambda: client.head_bucket(Bucket=name))
    yield there
    if there.trouble:
        return
    key, copied = f"{OURS}-probe/{uuid.uuid4().hex}", f"{OURS}-probe/{uuid.uuid4().hex}"
    named: dict[str, Any] = {"Bucket": name, "Key": key}
    try:
        begun = _tried(
            "An upload in parts can begin", lambda: named.update(UploadId=client.create_multipart_upload(
                Bucket=name, Key=key)["UploadId"]),
        )  # fmt: skip
        yield begun
        if begun.trouble:
            return
        yield _put_as_a_page(named)
        yield _tried("Its parts are listed", lambda: _the_only(client.list_parts(**named)["Parts"]))
        yield _tried("It becomes one film", lambda: _join(named))
        yield _tried("Its size can be read", lambda: client.head_object(Bucket=name, Key=key))
        yield _tried("A piece of it can be read", lambda: _piece(key))
        yield _tried(
            "It can be copied inside the bucket", lambda: bucket.copy_within(key, copied, lambda _done: None)
        )
        yield _closed_to_strangers(key)
        yield _tried("It can be removed", lambda: client.delete_object(Bucket=name, Key=key))
    finally:
        for each in (key, copied):
            with suppress(ClientError, BotoCoreError):
                client.delete_object(Bucket=name, Key=each)
        if "UploadId" in named:
            with suppress(ClientError, BotoCoreError):
                client.abort_multipart_upload(**named)


def _put_as_a_page(named: dict[str, Any]) -> Said:
    """Put a part as a page does: from its origin, after asking whether it may."""
    what = f"A page of {settings.SITE_URL} can put a part into it"
    wanted = {**named, "PartNumber": 1, "ContentLength": len(PROBE)}
    url = bucket.client().generate_presigned_url("upload_part", wanted, ExpiresIn=60)
    origin = {"Origin": settings.SITE_URL}
    try:
        status, headers, _body = _request("OPTIONS", url, b"", {
            **origin, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type",
        })  # fmt: skip
        if status >= 300 or headers.get("access-control-allow-origin") not in ("*", settings.SITE_URL):
            text = (
                f"The bucket forbids it ({status}). It lacks the CORS rule: run this command without --check."
            )
            return Said(what, text)
        status, headers, body = _request(
            "PUT", url, PROBE, {**origin, "Content-Type": "application/octet-stream"}
        )
    except (OSError, http.client.HTTPException) as error:
        return Said(what, f"{urlsplit(url).netloc} does not answer: {error}")
    if status != 200:
        return Said(what, f"The bucket answers {status}: {body[:300].decode(errors='replace')}")
    if headers.get("access-control-allow-origin") not in ("*", settings.SITE_URL):
        return Said(
            what, "The part arrives, but the page may not read the answer: the CORS rule is incomplete."
        )
    return Said(what)


def _closed_to_strangers(key: str) -> Said:
    what = "Strangers cannot read it"
    client = bucket.client()
    signed = client.generate_presigned_url("get_object", {"Bucket": bucket.name(), "Key": key}, ExpiresIn=60)
    status, _headers, _body = _request("GET", signed.partition("?")[0], b"", {})
    if status == 200:
        return Said(what, "The bucket is public: everybody who knows an address can have the film. Close it.")
    return Said(what)


def _request(
    method: str, url: str, data: bytes, headers: dict[str, str]
) -> tuple[int, dict[str, str], bytes]:
    split = urlsplit(url)
    kind = http.client.HTTPSConnection if split.scheme == "https" else http.client.HTTPConnection
    with closing(kind(split.netloc, timeout=30)) as line:
        line.request(method, f"{split.path}?{split.query}" if split.query else split.path, data, headers)
        answer = line.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def _the_only(parts: list[dict[str, Any]]) -> None:
    if [(part["PartNumber"], part["Size"]) for part in parts] != [(1, len(PROBE))]:
        raise ValueError(f"it lists {parts}")


def _join(named: dict[str, Any]) -> None:
    client = bucket.client()
    parts = [
        {"PartNumber": part["PartNumber"], "ETag": part["ETag"]}
        for part in client.list_parts(**named)["Parts"]
    ]
    client.complete_multipart_upload(**named, MultipartUpload={"Parts": parts})
    del named["UploadId"]


def _piece(key: str) -> None:
    answer = bucket.client().get_object(Bucket=bucket.name(), Key=key, Range="bytes=5-9")
    if answer["Body"].read() != PROBE[5:10]:
        raise ValueError("it gives other bytes than were asked for")


def _tried(what: str, do: Callable[[], object], advice: str = "") -> Said:
    try:
        do()
    except ClientError as error:
        return Said(what, "\n".join(filter(None, [_words(error), advice])))
    except BotoCoreError as error:
        return Said(what, f"{bucket.client().meta.endpoint_url} does not answer: {error}")
    except bucket.Gone:
        return Said(what, "It is not there.")
    except (bucket.Unreachable, ValueError, KeyError) as error:
        return Said(what, str(error.__cause__ or error))
    return Said(what)


WORDS = {
    "404": "There is no such bucket. Make it, or run this command with --create.",
    "NoSuchBucket": "There is no such bucket. Make it, or run this command with --create.",
    "403": "The bucket does not let these keys in: see AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and its policy.",
    "AccessDenied": "The keys may not do this: the bucket's policy must allow it.",
    "InvalidAccessKeyId": "The store does not know the key in AWS_ACCESS_KEY_ID.",
    "SignatureDoesNotMatch": "AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID, or the region is another.",
    "RequestTimeTooSkewed": "This machine's clock is wrong by more than the store allows.",
    "301": "The bucket lies in another region: name it in STORAGE (&region=…).",
    "PermanentRedirect": "The bucket lies in another region: name it in STORAGE (&region=…).",
    "NotImplemented": "This store cannot do it over its S3 address.",
}


def _words(error: ClientError) -> str:
    return WORDS.get(bucket.code_of(error), "") or str(error)
