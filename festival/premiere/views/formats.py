"""The released programme in the formats that others read: calendar, frab, JSON, tables, paper."""

import hashlib
from collections.abc import Callable

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit.kept import kept
from festival.kit.sharing import full
from festival.kit.sheets import MIME as TABLE
from festival.kit.words import short_language
from festival.premiere.programme import codec, frab, ical, papers, tables
from festival.premiere.programme.document import LANGUAGES, Programme
from festival.premiere.publishing import public

JSON = "application/json; charset=utf-8"
SECONDS = 300  # for which others may keep what they fetched
MOST_CODES = 400  # favourites in one address
Write = Callable[[Programme, str, str], bytes]  # programme, language, the file's own address

FORMS: dict[str, tuple[str, Write]] = {
    "programme.json": (JSON, lambda made, language, url: codec.as_bytes(made)),
    "schedule.xml": (frab.MIME_XML, lambda made, language, url: frab.schedule_xml(made, language, url=url)),
    "schedule.json": (
        frab.MIME_JSON,
        lambda made, language, url: frab.schedule_json(made, language, url=url),
    ),
    "screenings.csv": (
        TABLE["csv"],
        lambda made, language, url: "".join(tables.screenings_csv(made, language)).encode(),
    ),
    "running-orders.csv": (
        TABLE["csv"],
        lambda made, language, url: "".join(tables.running_orders_csv(made, language)).encode(),
    ),
    "booklet.pdf": (
        papers.MIME,
        lambda made, language, url: _kept("booklet", papers.booklet, made, language),
    ),
    "day-sheets.pdf": (
        papers.MIME,
        lambda made, language, url: _kept("day-sheets", papers.day_sheets, made, language),
    ),
}
NEED_A_DAY = ("schedule.xml", "schedule.json")  # frab knows no programme without one


@require_safe
def calendar(request: HttpRequest, edition: str) -> HttpResponse:
    """The programme as iCalendar: all of it, ?hall=CODE, or ?codes=A,B: what somebody marked for herself."""
    found = get_edition(request.actor, edition)
    chosen = request.GET.get("codes")
    codes = None if chosen is None else set(chosen.upper().split(",")[:MOST_CODES])
    language, _asked = _language(request)
    body = ical.calendar(public(found), language, hall=request.GET.get("hall", ""), codes=codes)
    return _answer(request, found, body, ical.MIME, f"{found.slug}.ics")


@require_safe
def file(request: HttpRequest, edition: str, form: str) -> HttpResponse:
    """One of FORMS, in the language of ?lang=en|zh or else the reader's."""
    found = get_edition(request.actor, edition)
    if form not in FORMS:
        raise Http404
    mime, write = FORMS[form]
    made = public(found)
    if form in NEED_A_DAY and not made.days:
        raise Http404
    language, _asked = _language(request)
    address = full(reverse("premiere:file", args=[found.slug, form]))
    return _answer(request, found, write(made, language, address), mime, f"{found.slug}-{form}")


def _language(request: HttpRequest) -> tuple[str, bool]:
    """The language to write in, and whether the address itself names it."""
    asked = request.GET.get("lang", "")[:2]
    return (asked, True) if asked in LANGUAGES else (short_language(), False)


def _answer(request: HttpRequest, edition: Edition, body: bytes, mime: str, name: str) -> HttpResponse:
    """The file, or 304 for who has it. What anybody may see and names its language may be kept by anybody."""
    language, asked = _language(request)
    made = HttpResponse(body, content_type=mime)
    made.headers["Content-Disposition"] = f'inline; filename="{name}"'
    made.headers["Content-Language"] = "zh-Hans" if language == "zh" else "en"
    made.headers["X-Content-Type-Options"] = "nosniff"
    draft = edition.status == Edition.Status.DRAFT
    if not draft:
        made.headers["Access-Control-Allow-Origin"] = "*"  # a page elsewhere may show what is public anyway
    return kept(request, made, seconds=0 if draft else SECONDS, shared=asked or mime == JSON)


def _kept(name: str, write: Callable[[Programme, str], bytes], made: Programme, language: str) -> bytes:
    """A paper, set at the first asking and kept under a digest of all that stands on it."""
    digest = hashlib.sha256(
        f"{name} {papers.VERSION} {language} ".encode() + codec.as_bytes(made)
    ).hexdigest()
    store, key = storages["default"], f"programme/{digest}.pdf"
    try:
        with store.open(key) as kept:
            return bytes(kept.read())
    except OSError:
        pass
    body = write(made, language)
    if not store.exists(key):
        store.save(key, ContentFile(body))
    return body
