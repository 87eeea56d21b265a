"""What a film's public page may show of its entry beside words: the answer to `festival.catalogue.registry`."""

from festival.catalogue.models import Film
from festival.catalogue.registry import Captions, Showcase, Still
from festival.kit.words import say
from festival.people.actor import Actor
from submissions.attachment_view import thumb_of
from submissions.handoff.published import kind_of
from submissions.inspection.aigc import LABELS
from submissions.links import media_url
from submissions.models import Attachment, Entry, Inspection, OnlineShowing, PublishedCopy
from submissions.permissions import is_running
from submissions.player import tracks_with_copy


def showcase(actor: Actor, film: Film) -> Showcase | None:
    """Stills, the label of the newest film, and what its entrant lets everybody watch. None for a guest film.

    Links are those of all media: signed, for this account, over after LINK_SECONDS; and the copy behind the film's
    goes when the entrant takes the permission back.
    """
    if not film.source:
        return None
    entry = Entry.objects.filter(edition=film.edition_id, code=film.source).first()
    if entry is None or not is_running(entry):
        return Showcase()
    copy = _copy(entry)
    moving, video, captions = "", "", []
    if copy is not None:
        moving, video = copy.purpose, media_url(actor, copy.key, name=f"{copy.purpose}.mp4")
        if copy.purpose == PublishedCopy.Purpose.FILM:
            captions = [
                Captions(track.url, track.tag, track.label, track.on)
                for track in tracks_with_copy(actor, entry.pk)
            ]
    return Showcase(
        moving=moving,
        video=video,
        captions=captions,
        stills=_stills(actor, entry),
        label=kind_of(copy.facts["label"]["written"]) if copy else _label(entry),
    )


def _copy(entry: Entry) -> PublishedCopy | None:
    """The copy that is ready of what may be watched now."""
    what = OnlineShowing.objects.filter(entry=entry, until__isnull=True).values("what")[:1]
    ready = PublishedCopy.objects.filter(entry=entry, purpose__in=what, state=PublishedCopy.State.READY)
    return ready.first()


def _stills(actor: Actor, entry: Entry) -> list[Still]:
    rows = Attachment.objects.filter(entry=entry, kind="still", state=Attachment.State.READY)
    found = []
    for row in rows.order_by("position", "pk"):
        thumb = thumb_of(row, row.facts["picture"], actor)
        found.append(
            Still(thumb.url, thumb.srcset, thumb.width, thumb.height, thumb.largest, say(row.caption))
        )
    return found


def _label(entry: Entry) -> str:
    """What the newest film's own label says, where it has a readable one."""
    done = Inspection.objects.filter(version__entry=entry, state=Inspection.State.DONE)
    said = done.order_by("-version__number", "-pk").values_list("report__provenance__aigc", flat=True).first()
    if not said or said.get("grade") not in ("conformant", "readable"):
        return ""
    return str(said["label"]) if said.get("label") in LABELS else "1"
