"""Whether a file that was handed out is the report of an export: in full or for everybody, as figures or on paper."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import override

from judging.fairness.document import public_of
from judging.fairness.paper import as_pdf
from judging.fairness.words import Said
from judging.logic.canonical import canonical

PDF = b"%PDF-"


def is_of(report: Mapping[str, Any], raw: bytes) -> bool:
    """The file is one that the site makes of this report, to the byte. A PDF is made again in each language."""
    documents = (report, public_of(report))
    if not raw.startswith(PDF):
        return any(canonical(document) == raw for document in documents)
    for language, _name in settings.LANGUAGES:
        with override(language):
            if any(as_pdf(Said(document)) == raw for document in documents):
                return True
    return False
