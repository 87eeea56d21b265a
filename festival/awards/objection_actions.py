"""Writes of objections: received with evidence, taken up, decided with reasons."""

import codecs
import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from festival.awards import permissions
from festival.awards.models import Evidence, Objection, ObjectionStep, PublicNotice
from festival.edition.models import Edition
from festival.kit.codes import new_code
from festival.kit.errors import Refused
from festival.kit.incoming import one_line, plain_text
from festival.kit.words import moment_text
from festival.people.actor import Actor
from festival.people.roles import Role
from festival.post.actions import notify_many
from festival.post.models import Notice

DAYS = 5  # in which an objection is decided
PER_ACCOUNT, PER_NETWORK = 5, 20  # objections in a day
FILES, FILE_BYTES = 5, 20 << 20
TEXT_MAX = 5000
KINDS = (
    (b"%PDF-", 0, "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"ftyp", 4, "video/mp4"),
)


def object_to(
    *,
    notice: PublicNotice,
    film: str,
    ground: str,
    text: str,
    contact: str,
    files: Sequence[UploadedFile],
    network: str,
    by: Actor,
    at: datetime,
) -> Objection:
    """Receive an objection. `film`: the code of one on the list, or empty: the list as a whole.

    The files are kept first, and removed again when the rest cannot be written: nothing is half there.
    """
    if not by.known:
        raise Refused(_("Log in to object: the answer goes to your account’s address."), status=403)
    kinds = _checked(files)
    kept: list[tuple[str, UploadedFile, str]] = []
    store = storages["default"]
    try:
        for file, kind in zip(files, kinds, strict=True):
            file.seek(0)
            kept.append((store.save(f"objections/{secrets.token_hex(24)}", file), file, kind))
        return _receive(notice, film, ground, text, contact, kept, network, by, at)
    except BaseException:
        for key, _file, _kind in kept:
            store.delete(key)
        raise


@transaction.atomic
def _receive(
    notice: PublicNotice,
    film: str,
    ground: str,
    text: str,
    contact: str,
    kept: Sequence[tuple[str, UploadedFile, str]],
    network: str,
    by: Actor,
    at: datetime,
) -> Objection:
    rows = PublicNotice.objects.select_for_update(of=("self",)).select_related("edition")
    fresh = rows.get(pk=notice.pk)
    if fresh.closed_at or fresh.ends_at <= at:
        raise Refused(
            _("The time for objections is over: they were taken until %(end)s.")
            % {"end": moment_text(fresh.ends_at, fresh.edition.time_zone)},
            code="over",
        )
    text = plain_text(text).strip()[:TEXT_MAX]
    if not text:
        raise Refused(_("Say what you object to, and how you know."), status=400, code="text")
    if ground not in Objection.Ground.values:
        raise Refused(_("Choose what the objection is about."), status=400, code="ground")
    titles = {row["film"]: row["title"] for row in fresh.rows}
    if film and film not in titles:
        raise Refused(_("This film is not on the list."), status=400, code="film")
    _assert_rate(by, network, at)
    objection = Objection.objects.create(
        notice=fresh,
        code=new_code(),
        film=film,
        title=titles.get(film, ""),
        ground=ground,
        text=text,
        contact=one_line(contact)[:200],
        user=by.user,
        network=network,
        received_at=at,
        due_at=at + timedelta(days=DAYS),
    )
    Evidence.objects.bulk_create(
        Evidence(objection=objection, key=key, filename=_name(file), size=file.size or 0, kind=kind)
        for key, file, kind in kept
    )
    _log(objection, "received", by, at)
    _write(objection, "objection_received", [objection.user_id], f"notice/{objection.code}/", at)
    organisers = fresh.edition.memberships.filter(role__in=(Role.OWNER, Role.ORGANISER))
    users = set(organisers.values_list("user_id", flat=True)) - {objection.user_id}
    _write(objection, "objection_arrived", sorted(users), f"desk/objections/{objection.code}/", at)
    return objection


def _checked(files: Sequence[UploadedFile]) -> list[str]:
    """The kind of each file by its first bytes; they are never opened."""
    if len(files) > FILES:
        raise Refused(
            _("At most %(count)d files. Put them into one PDF, or send the most important ones.")
            % {"count": FILES},
            status=400,
            code="files",
        )
    found = []
    for file in files:
        if (file.size or 0) > FILE_BYTES:
            raise Refused(
                _("“%(name)s” is larger than %(size)d MB.")
                % {"name": one_line(file.name or ""), "size": FILE_BYTES >> 20},
                status=400,
                code="size",
            )
        kind = kind_of(file)
        if not kind:
            raise Refused(
                _("“%(name)s” is not a PDF, PNG, JPEG, MP4 or plain text.")
                % {"name": one_line(file.name or "")},
                status=400,
                code="kind",
            )
        found.append(kind)
    return found


def kind_of(file: UploadedFile) -> str:
    """The media type told from the first bytes; empty for anything else, and for an empty file."""
    file.seek(0)
    head = file.read(4096)
    for mark, start, kind in KINDS:
        if head[start : start + len(mark)] == mark:
            return kind
    try:
        # The last character may be cut off where the file goes on.
        text = codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < 4096)
    except UnicodeDecodeError:
        return ""
    return (
        "text/plain" if text and not any(ord(char) < 32 and char not in "\t\n\r\f" for char in text) else ""
    )


def _name(file: UploadedFile) -> str:
    name = one_line(file.name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return (name or "file")[-120:]


def _assert_rate(by: Actor, network: str, at: datetime) -> None:
    lately = Objection.objects.filter(received_at__gt=at - timedelta(days=1))
    if lately.filter(user=by.user).count() >= PER_ACCOUNT or (
        network and lately.filter(network=network).count() >= PER_NETWORK
    ):
        raise Refused(
            _(
                "Many objections came from you today. Put what you have into one of them, or come back tomorrow."
            ),
            status=429,
            code="rate",
        )


def network_of(address: str) -> str:
    """A keyed hash of the network (IPv4 /24, IPv6 /64) that an address belongs to: no address is kept."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    net = ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False)
    return hmac.new(settings.SECRET_KEY.encode(), f"objection {net}".encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def add_note(*, objection: Objection, text: str, by: Actor, at: datetime) -> ObjectionStep:
    """A note for colleagues; the first one takes the objection up."""
    fresh = _hold(objection, by)
    text = plain_text(text).strip()[:TEXT_MAX]
    if not text:
        raise Refused(_("Write the note first."), status=400, code="text")
    if fresh.state == Objection.State.RECEIVED:
        fresh.state = Objection.State.REVIEW
        fresh.save(update_fields=["state"])
    return _log(fresh, "note", by, at, text)


@transaction.atomic
def decide(*, objection: Objection, upheld: bool, decision: str, by: Actor, at: datetime) -> Objection:
    """Decide, with reasons that the objector reads. Nobody decides over her own objection."""
    fresh = _hold(objection, by)
    if not fresh.is_open:
        raise Refused(_("Somebody was faster: this objection has been decided. Reload the page."))
    if fresh.user_id == by.id:
        raise Refused(_("This is your own objection. Somebody else decides over it."), status=403)
    decision = plain_text(decision).strip()[:TEXT_MAX]
    if not decision:
        raise Refused(_("Give the reasons: the person who objected reads them."), status=400, code="decision")
    fresh.state = Objection.State.UPHELD if upheld else Objection.State.DISMISSED
    fresh.decided_at, fresh.decided_by, fresh.decision = at, by.user, decision
    fresh.save()
    _log(fresh, str(fresh.state), by, at, decision)
    _write(fresh, "objection_decided", [fresh.user_id], f"notice/{fresh.code}/", at)
    return fresh


def _hold(objection: Objection, by: Actor) -> Objection:
    rows = Objection.objects.select_for_update(of=("self",)).select_related("notice__edition")
    fresh = rows.get(pk=objection.pk)
    if not permissions.can_handle_objections(by, fresh.notice.edition):
        raise Refused(_("Only organisers decide over objections."), status=403)
    return fresh


def _log(objection: Objection, kind: str, by: Actor, at: datetime, text: str = "") -> ObjectionStep:
    return ObjectionStep.objects.create(objection=objection, kind=kind, by=by.user, at=at, text=text)


def _write(objection: Objection, kind: str, users: Sequence[int], path: str, at: datetime) -> None:
    edition: Edition = objection.notice.edition
    values = {
        "code": objection.code,
        "until": objection.due_at.isoformat(),
        "decision": f"{objection.get_state_display()}\n{objection.decision}" if objection.decision else "",
    }
    notify_many(
        notices=[
            Notice(
                user_id=user,
                edition=edition,
                kind=kind,
                path=f"/{edition.slug}/{path}",
                created_at=at,
                values=values,
            )
            for user in users
        ]
    )
