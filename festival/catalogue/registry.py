"""What the floors above have of a film beside the catalogue's own words: what moves, stills, its label.

The catalogue asks for it when a published film is shown, and for no other; whoever is asked says what may be shown now.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from festival.catalogue.models import Film
from festival.people.actor import Actor


@dataclass(frozen=True, slots=True)
class Captions:
    """A track of subtitles: address, language (BCP 47), label; `on`: shown unless the viewer says otherwise."""

    url: str
    tag: str
    label: str
    on: bool = False


@dataclass(frozen=True, slots=True)
class Still:
    """A picture of the film at a middling width, with all its widths for `srcset`. `alt` says what is to be seen."""

    url: str
    srcset: str
    width: int
    height: int
    largest: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Showcase:
    """What may be shown of a film. `video` is a short-lived address, empty where nothing may be watched.

    `label`: what the film's file says of AI, a key of `festival.kit.ai_label.WORDS`, or nothing.
    """

    moving: Literal["", "film", "trailer"] = ""
    video: str = ""
    captions: Sequence[Captions] = ()
    stills: Sequence[Still] = ()
    label: str = ""


Provider = Callable[[Actor, Film], Showcase | None]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """`provider(actor, film)` gives what there is of a film from its `source`, or None. Called when the site starts."""
    if provider not in _providers:
        _providers.append(provider)


Hold = Callable[[Film], bool]
_holds: list[Hold] = []


def register_hold(hold: Hold) -> None:
    """`hold(film)` says whether the film itself is not to be watched yet: it waits for a premiere."""
    if hold not in _holds:
        _holds.append(hold)


def showcase_of(actor: Actor, film: Film, *, in_premiere: bool = False) -> Showcase:
    """What may be shown of a published film to this reader; of any other, nothing.

    A film that waits for its premiere is watched nowhere but there (`in_premiere`).
    """
    if film.published_at is None:
        return Showcase()
    show = next((found for ask in _providers if (found := ask(actor, film)) is not None), Showcase())
    if show.moving == "film" and not in_premiere and any(hold(film) for hold in _holds):
        return replace(show, moving="", video="", captions=())
    return show


@dataclass(frozen=True, slots=True)
class Showing:
    """When and where a film is shown, as the public programme has it. Texts in both languages."""

    starts_at: datetime
    title: Mapping[str, str]
    venue: Mapping[str, str]
    hall: Mapping[str, str]
    url: str


Showings = Callable[[Film, datetime], Sequence[Showing]]
_showings: list[Showings] = []


def register_showings(showings: Showings) -> None:
    """`showings(film, at)` gives those that are not over. Called when the site starts."""
    if showings not in _showings:
        _showings.append(showings)


def showings_of(film: Film, at: datetime) -> list[Showing]:
    """When and where a film is shown from now on, in the order of time."""
    found = [showing for ask in _showings for showing in ask(film, at)]
    return sorted(found, key=lambda one: one.starts_at)


Makers = Callable[[Collection[str]], Mapping[str, Sequence[int]]]
_makers: list[Makers] = []


def register_makers(makers: Makers) -> None:
    """`makers(sources)` gives by source (code of an entry) the accounts of who made the film. Called when the site
    starts.
    """
    if makers not in _makers:
        _makers.append(makers)


def makers_of(sources: Collection[str]) -> dict[str, list[int]]:
    """By source whom to write to about the film. As many queries, whatever their number."""
    found: dict[str, list[int]] = {}
    for ask in _makers:
        for source, users in ask(sources).items():
            found.setdefault(source, []).extend(users)
    return found


@dataclass(frozen=True, slots=True)
class Original:
    """The film's file as its entrant sent it in; `size` in bytes."""

    name: str
    sha256: str
    size: int


Originals = Callable[[Collection[str]], Mapping[str, Original]]
OriginalLink = Callable[[Actor, str, str], str]
_originals: list[tuple[Originals, OriginalLink]] = []


def register_originals(originals: Originals, link: OriginalLink) -> None:
    """`originals(sources)` gives by source the newest file; `link(actor, source, sha256)` where this account gets one,
    or nothing. Called when the site starts.
    """
    if (originals, link) not in _originals:
        _originals.append((originals, link))


def originals_of(sources: Collection[str]) -> dict[str, Original]:
    """By source the newest file. As many queries, whatever their number."""
    return {source: one for ask, _link in _originals for source, one in ask(sources).items()}


def original_url(actor: Actor, source: str, sha256: str) -> str:
    """A short-lived address of the file with this sum, for this account; empty where it is not there."""
    return next((url for _ask, link in _originals if (url := link(actor, source, sha256))), "")
