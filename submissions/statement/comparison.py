"""Holds what a film says of its own origin beside the entrant's AI statement.

It finds where the two differ, for a person to ask about; it is no verdict. Labels and credentials are lost by every
export, upload and download, so that their silence proves nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from festival.edition.tools import Catalogue, Tool, plain
from submissions.inspection.facts import AI_SOURCE_TYPES, Provenance
from submissions.statement.facts import Use, with_ai

Kind = Literal["differs", "agrees", "information"]
ORDER: Mapping[str, int] = {"differs": 0, "agrees": 1, "information": 2}
# Metadata tags in which programs write their own names.
TOOL_TAGS = (
    "encoder", "encoding_tool", "software", "creation_tool", "creator_tool", "com.apple.quicktime.software",
    "com.android.capturing.application",
)  # fmt: skip
READ_C2PA = ("valid", "trusted")


@dataclass(frozen=True, slots=True)
class Remark:
    """What the comparison found: a code with its values; the words stand in `words`."""

    code: str
    kind: Kind
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Named:
    """A tool that the file names: of the catalogue, or by a name that is not in it; and where it is named."""

    name: str
    place: Literal["c2pa", "aigc", "xmp", "tag"]
    tool: Tool | None = None


def named_in_file(provenance: Provenance, tags: Mapping[str, str], catalogue: Catalogue) -> tuple[Named, ...]:
    """The tools that credentials, label, XMP and tags name, each once, by the weightiest place.

    Credentials that do not fit the file are not believed. A name that the catalogue lacks counts only where the file
    says that it generated something, for most programs that write their names make nothing.
    """
    found: dict[str, Named] = {}
    for place, text, generated in _texts(provenance, tags):
        tools = catalogue.within(text)
        for tool in tools:
            found.setdefault(tool.slug, Named(tool.slug, place, tool))
        if not tools and generated and text.strip():
            found.setdefault(plain(text), Named(text.strip(), place))
    return tuple(found.values())


def _texts(
    provenance: Provenance, tags: Mapping[str, str]
) -> Iterator[tuple[Literal["c2pa", "aigc", "xmp", "tag"], str, bool]]:
    """Where a name can stand: place, text, and whether it is said there to have generated something."""
    c2pa, label = provenance.c2pa, provenance.aigc
    if c2pa.state in READ_C2PA:
        for action in c2pa.actions:
            yield "c2pa", action.tool, action.source_type in AI_SOURCE_TYPES
        for generator in c2pa.generators:
            yield "c2pa", generator, False
    if label.grade in ("conformant", "readable"):
        yield "aigc", label.producer, False
    yield "xmp", provenance.creator_tool, provenance.source_type in AI_SOURCE_TYPES
    for key, text in tags.items():
        if key.casefold() in TOOL_TAGS:
            yield "tag", text, False


def generated_by(provenance: Provenance) -> tuple[str, ...]:
    """Where the file says that AI made it, or took part: "c2pa", "aigc", "xmp". Broken credentials say nothing."""
    c2pa = provenance.c2pa
    said = {
        "c2pa": c2pa.state in READ_C2PA and any(each.source_type in AI_SOURCE_TYPES for each in c2pa.actions),
        "aigc": provenance.aigc.grade in ("conformant", "readable"),
        "xmp": provenance.source_type in AI_SOURCE_TYPES,
    }
    return tuple(place for place, so in said.items() if so)


def compare(
    provenance: Provenance,
    uses: Sequence[Use],
    catalogue: Catalogue,
    *,
    tags: Mapping[str, str] | None = None,
) -> tuple[Remark, ...]:
    """The file's word beside the statement's: differences first, then what agrees, then what is good to know."""
    uses = [use for use in uses if use.complete]
    found = list(_tools(provenance, uses, catalogue, tags or {}))
    places, used = generated_by(provenance), with_ai(uses)
    if places and used:
        found.append(Remark("ai_agrees", "agrees", {"places": list(places)}))
    elif places and uses:
        found.append(Remark("ai_denied", "differs", {"places": list(places)}))
    elif places:
        found.append(Remark("ai_unstated", "information", {"places": list(places)}))
    elif any(remark.code in ("tool_agrees", "tool_unstated") for remark in found):
        pass  # it names tools, which says enough
    elif used:
        found.append(Remark("unmarked", "information"))
    else:
        agrees = provenance.c2pa.state in READ_C2PA and uses
        found.append(Remark("no_ai_agrees", "agrees") if agrees else Remark("silent", "information"))
    if provenance.c2pa.state == "tampered":
        found.append(Remark("credentials_void", "information"))
    found.sort(key=lambda remark: ORDER[remark.kind])
    return tuple(found)


def differs(remarks: Iterable[Remark]) -> bool:
    """Whether there is anything for a person to ask about."""
    return any(remark.kind == "differs" for remark in remarks)


def _tools(
    provenance: Provenance, uses: Sequence[Use], catalogue: Catalogue, tags: Mapping[str, str]
) -> Iterator[Remark]:
    used = with_ai(uses)
    stated = {use.tool for use in used if use.tool}
    others = [plain(use.other) for use in used if use.other]
    for each in named_in_file(provenance, tags, catalogue):
        values = {"tool": each.name, "place": each.place}
        if each.tool is None:
            known = any(other in plain(each.name) or plain(each.name) in other for other in others)
        else:
            known = each.tool.slug in stated or _same_family(each.tool, stated, catalogue)
        if known:
            yield Remark("tool_agrees", "agrees", values)
        elif each.tool is not None and not each.tool.generates:
            yield Remark("program_named", "information", values)
        else:
            # Where there are no lines at all nothing was stated that could differ: the words may say it.
            yield Remark("tool_unstated", "differs" if uses else "information", values)


def _same_family(tool: Tool, stated: set[str], catalogue: Catalogue) -> bool:
    """Whether a stated tool is the same maker's and makes the same: Jimeng runs Seedance, Dreamina is Jimeng abroad."""
    return any(
        each.maker == tool.maker and set(each.makes) & set(tool.makes)
        for slug in stated
        if (each := catalogue.by_slug.get(slug)) and tool.maker
    )
