"""The AI statement as data: which tool made what, for how much of the film, and what a person did. Knows no Django."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from festival.edition.tools import PICTURES, Catalogue, plain


@dataclass(frozen=True, slots=True)
class Use:
    """One line of a statement: a tool at a stage, or that no AI was used there.

    `tool` is a slug of the catalogue; `other` the name of a tool that it lacks. `share` is per cent of the film, or
    unsaid; `human` what a person did, in the entrant's words. A line of a draft may lack its stage or its tool.
    """

    stage: str
    tool: str = ""
    other: str = ""
    version: str = ""
    share: int | None = None
    human: str = ""
    no_ai: bool = False

    @property
    def complete(self) -> bool:
        """Whether it says where, and what or that nothing was used."""
        return bool(self.stage and (self.tool or self.other or self.no_ai))

    def tool_name(self, catalogue: Catalogue, language: str) -> str:
        """The tool's name as it is known, or as the entrant wrote it."""
        return catalogue.said(self.tool, language) if self.tool else self.other


def with_ai(uses: Iterable[Use]) -> list[Use]:
    """The complete lines that name a tool."""
    return [use for use in uses if use.complete and not use.no_ai]


def tools_of(uses: Iterable[Use]) -> tuple[str, ...]:
    """The different tools, each by its slug or its first spelling, in the statement's order."""
    named: dict[str, str] = {}
    for use in with_ai(uses):
        named.setdefault(use.tool or plain(use.other), use.tool or use.other)
    return tuple(named.values())


def share_of(uses: Sequence[Use], stages: Sequence[str] = PICTURES) -> tuple[int, bool]:
    """How much of the film these lines cover at one of the stages, in per cent, and whether a share is unsaid.

    Within a stage shares are added, because a moment comes from one tool; the stage that covers most counts, because
    a moment passes through several. What is unsaid counts as nothing.
    """
    by_stage: dict[str, list[int | None]] = {}
    for use in with_ai(uses):
        if use.stage in stages:
            by_stage.setdefault(use.stage, []).append(use.share)
    known = max((sum(share or 0 for share in shares) for shares in by_stage.values()), default=0)
    return min(known, 100), any(share is None for shares in by_stage.values() for share in shares)
