"""Links to films, stills and copies: short-lived, and good for one account only."""

import time
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner, b62_encode
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.people.actor import Actor

SHOWN = {
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".vtt": "text/vtt; charset=utf-8",
}
SHOWN_FOLDERS = ("inspections/", "copies/", "catalogue/", "subtitles/", "pictures/", "published/")
OURS = ".vtt"  # from our own address always: a player takes subtitles from its page's origin alone
OTHER = "application/octet-stream"


class _SteadySigner(TimestampSigner):
    """Signs with a time rounded down, so that a page loaded twice has the same links and the browser its cache."""

    def timestamp(self) -> str:
        step = max(settings.LINK_SECONDS // 6, 1)
        return b62_encode(int(time.time()) // step * step)


_signer = _SteadySigner(salt="submissions.links")


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link stands for."""

    key: str
    download: bool

    @property
    def content_type(self) -> str:
        """From a fixed table; what is not ours to show is bytes."""
        if self.download:
            return OTHER
        return SHOWN.get(self.key[self.key.rfind(".") :], OTHER)


def media_url(actor: Actor, key: str, *, name: str = "", download: bool = False) -> str:
    """The address of a stored file for this account, on this site wherever the file lies.

    Only stills and copies made here are ever shown in the browser; everything else is downloaded, as `name`.
    Empty for an empty key.
    """
    if not key:
        return ""
    shown = key.startswith(SHOWN_FOLDERS) and key[key.rfind(".") :] in SHOWN
    token = _signer.sign_object([key, actor.id or 0, int(download or not shown)])
    return reverse(
        "submissions:media", kwargs={"token": token, "name": _path_name(name or key.rpartition("/")[2])}
    )


def read_link(actor: Actor, token: str) -> Linked:
    """What a link of ours stands for. 404 when it was not made here, 410 when it is over, 403 for another account."""
    try:
        key, account, download = _signer.unsign_object(token, max_age=settings.LINK_SECONDS)
    except SignatureExpired:
        raise Refused(
            _("This link is over. Reload the page that you had it from."), status=410, code="link_over"
        ) from None
    except (BadSignature, ValueError, TypeError):
        raise Http404 from None
    if account != (actor.id or 0):
        raise Refused(
            _("This link was made for another account. Log in with the account that you had it with."),
            status=403,
            code="other_account",
        )
    return Linked(key, bool(download))


def disposition(name: str) -> str:
    """The Content-Disposition of a download (RFC 6266): an ASCII name for old clients, the whole one in UTF-8."""
    clean = name.replace("/", "_").replace("\\", "_")
    plain = "".join(char if " " <= char <= "~" and char not in '"%' else "_" for char in clean)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"


def _path_name(name: str) -> str:
    """For the end of the address, so that a saved file has a fitting name: the link does not depend on it."""
    return name.replace("/", "_").replace("\\", "_").lstrip(".")[:120] or "file"
