"""What a page tells those who link to it: Open Graph, and linked data (JSON-LD, schema.org) for search engines."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from festival.kit.words import short_language

ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)
LOCALES = {"en": "en_GB", "zh": "zh_CN"}


@dataclass(frozen=True, slots=True)
class Card:
    """What a shared link shows. `path` and `image` are addresses on this site; `kind` is an Open Graph type."""

    title: str
    path: str
    about: str = ""
    image: str = ""
    kind: str = "website"
    data: str = ""  # of linked_data

    @property
    def url(self) -> str:
        return full(self.path)

    @property
    def picture(self) -> str:
        return full(self.image) if self.image else ""

    @property
    def locale(self) -> str:
        return LOCALES[short_language()]


def full(path: str) -> str:
    """The whole address of a page of this site."""
    return f"{settings.SITE_URL}{path}"


def linked_data(data: Mapping[str, Any]) -> SafeString:
    """JSON-LD as it may stand in a page: nothing in it can end the element, empty values are left out."""
    kept = {"@context": "https://schema.org", **{key: value for key, value in data.items() if value}}
    return mark_safe(json.dumps(kept, ensure_ascii=False).translate(ESCAPES))
