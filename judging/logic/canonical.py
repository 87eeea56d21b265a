"""The one byte form of a JSON value, and lots that anybody can draw again."""

import hashlib
import json
from typing import Any


def canonical(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces. Numbers that count are given as strings, never as floats."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def lot(seed: int, *parts: str) -> int:
    """A 64-bit number drawn for `parts`: the same on every machine and in every version of Python."""
    source = "\0".join((str(seed), *parts)).encode()
    return int.from_bytes(hashlib.blake2b(source, digest_size=8).digest())
