"""Reading settings from the environment: a wrong value is ImproperlyConfigured, with a sentence that names it."""

import os
import ssl
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured

YES, NO = ("1", "true", "yes", "on", "y", "ok"), ("", "0", "false", "no", "off", "n")


def flag(name: str, default: bool = False) -> bool:
    """On or off."""
    text = os.environ.get(name, "on" if default else "").strip().lower()
    if text not in YES + NO:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {text!r}.")
    return text in YES


def whole(name: str, default: int, *, least: int = 0) -> int:
    """A whole number, `least` or more."""
    return int(_number(name, str(default), least, "a whole number", int))


def seconds(name: str, default: float, *, least: float = 1) -> float:
    """A length of time, `least` or more."""
    return float(_number(name, str(default), least, "a number of seconds", float))


def _number(name: str, default: str, least: float, what: str, kind: type[int] | type[float]) -> float:
    text = os.environ.get(name, "").strip() or default
    try:
        value = kind(text)
    except ValueError:
        value = None
    if value is None or not least <= value < 2**63:
        raise ImproperlyConfigured(f"{name} must be {what}, {least} or more, not {text!r}.")
    return value


def certificates(name: str) -> str:
    """The PEM certificates in the file that is named; empty when none is."""
    path = os.environ.get(name, "").strip()
    if not path:
        return ""
    try:
        text = Path(path).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}: {path} cannot be read ({error}).") from None
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise ImproperlyConfigured(f"{name}: {path} holds no certificate in PEM form.")
    try:
        ssl.create_default_context(cadata=text)
    except (ssl.SSLError, ValueError) as error:
        raise ImproperlyConfigured(f"{name}: {path} is damaged ({error}).") from None
    return text


def folder(name: str, default: Path) -> Path:
    """A folder that can be written to; made when it is not there."""
    path = Path(os.environ.get(name, "") or default).absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}: the folder {path} cannot be written to ({error.strerror})."
        ) from None
    return path


def storage(name: str, address: str) -> tuple[dict[str, Any], list[str]]:
    """The storage of films for STORAGES, and the origins from which, and to which, browsers transfer its files.

    `address` is file:///folder, or s3://bucket?endpoint=https://…&region=…&addressing=path|virtual; without an
    endpoint it is Amazon's.
    """
    split = urlsplit(address)
    if split.scheme == "file" and split.path and not split.netloc:
        options: dict[str, Any] = {"location": split.path, "file_permissions_mode": 0o640}
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}, []
    if split.scheme != "s3" or not split.netloc:
        raise ImproperlyConfigured(
            f"{name} must start with file:// or s3://: file:///folder, or s3://bucket?endpoint=https://…."
        )
    query = {key: values[-1] for key, values in parse_qs(split.query).items()}
    bucket, region, style = split.netloc, query.get("region"), query.get("addressing", "path")
    endpoint = query.get("endpoint")
    if style not in ("path", "virtual"):
        raise ImproperlyConfigured(f"{name}: addressing must be path or virtual, not {style!r}.")
    if not endpoint and not region:
        raise ImproperlyConfigured(
            f"{name}: s3://{bucket} needs an endpoint, or Amazon's region: ?region=eu-west-1."
        )
    if not endpoint:
        endpoint = f"https://s3.{region}.amazonaws.com" + (".cn" if str(region).startswith("cn-") else "")
    host = urlsplit(endpoint)
    if host.scheme not in ("http", "https") or not host.netloc:
        raise ImproperlyConfigured(
            f"{name}: the endpoint must look like https://s3.example, not {endpoint!r}."
        )
    options = {
        "bucket_name": bucket,
        "endpoint_url": endpoint,
        "region_name": region,
        "addressing_style": style,
        "access_key": os.environ.get("AWS_ACCESS_KEY_ID") or None,
        "secret_key": os.environ.get("AWS_SECRET_ACCESS_KEY") or None,
        "signature_version": "s3v4",
        "default_acl": None,
        "file_overwrite": True,
        "querystring_expire": 3600,
    }
    origin = (
        f"{host.scheme}://{bucket}.{host.netloc}" if style == "virtual" else f"{host.scheme}://{host.netloc}"
    )
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}, [origin]
