"""The catalogue of AI tools: what they are called, by people and in files, and what they make. Knows no Django.

The software's own list stands in tools.toml; a rulebook adds the edition's.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

STAGES = ("script", "image", "video", "voice", "music", "sound", "edit", "other")
PICTURES = ("image", "video")  # the stages whose share of the film is a share of what is seen

_STAGE_NAMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "script": ("script", "剧本"),
        "image": ("images", "图像"),
        "video": ("video", "视频"),
        "voice": ("voices", "配音"),
        "music": ("music", "音乐"),
        "sound": ("sound", "音效"),
        "edit": ("editing", "剪辑"),
        "other": ("something else", "其他"),
    }
)
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Tool:
    """One AI tool. `aliases` are its further names in content credentials, AI labels and metadata tags."""

    slug: str
    name: str
    zh: str = ""
    maker: str = ""
    makes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def generates(self) -> bool:
        """Whether it makes something; a program that only edits says nothing about AI by being named in a file."""
        return any(stage != "edit" for stage in self.makes)

    def said(self, language: str) -> str:
        """Its name in "en" or "zh"."""
        return self.zh if language == "zh" and self.zh else self.name


@dataclass(frozen=True)
class Catalogue:
    """The tools of an edition. Frozen: its indexes are made once, at the first question."""

    tools: tuple[Tool, ...]

    @cached_property
    def by_slug(self) -> Mapping[str, Tool]:
        return MappingProxyType({tool.slug: tool for tool in self.tools})

    @cached_property
    def _names(self) -> Mapping[str, Tool]:
        return MappingProxyType(
            {
                plain(name): tool
                for tool in self.tools
                for name in (*tool.aliases, tool.slug, tool.zh, tool.name)
                if name
            }
        )

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # The longest name first: "wan" is not found in "hunyuan", "MiniMax Speech" is not MiniMax's other tool.
        names = sorted(self._names, key=len, reverse=True)
        return re.compile("|".join(map(_whole, names)) or r"(?!)")

    def named(self, text: str) -> Tool | None:
        """The tool that is called just so, by name, alias or slug."""
        return self._names.get(plain(text))

    def within(self, text: str) -> tuple[Tool, ...]:
        """Every tool that a longer text names, each once, in their order there."""
        found = (self._names[match[0]] for match in self._pattern.finditer(plain(text)))
        return tuple(dict.fromkeys(found))

    def said(self, slug: str, language: str) -> str:
        """A tool's name in "en" or "zh"; the slug of one that is no longer in the catalogue."""
        tool = self.by_slug.get(slug)
        return tool.said(language) if tool else slug


def plain(text: str) -> str:
    """A name for comparing: compatible forms as one, small letters, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _whole(name: str) -> str:
    """Latin names stand as words of their own, with figures allowed behind ("kling2.1"); Chinese ones anywhere."""
    if _HAN.search(name):
        return re.escape(name)
    return rf"(?<![a-z0-9]){re.escape(name)}(?![a-z])"


@cache
def shipped() -> tuple[Tool, ...]:
    """The tools that the software knows."""
    text = (Path(__file__).parent / "tools.toml").read_text(encoding="utf-8")
    return tuple(tool_of(slug, values) for slug, values in tomllib.loads(text).items())


def tool_of(slug: str, values: Mapping[str, Any]) -> Tool:
    """A tool from its table, which has been checked."""
    return Tool(
        slug=slug,
        name=values["name"],
        zh=values.get("zh", ""),
        maker=values.get("maker", ""),
        makes=tuple(values["makes"]),
        aliases=tuple(values.get("aliases", ())),
    )


@lru_cache(maxsize=64)
def catalogue(own: tuple[Tool, ...] = ()) -> Catalogue:
    """The shipped tools and an edition's own; one of the same slug takes the shipped one's place."""
    tools = {tool.slug: tool for tool in (*shipped(), *own)}
    return Catalogue(tuple(tools.values()))


def stage_name(stage: str, language: str) -> str:
    """A stage of the work in "en" or "zh"; the bare word for one that does not exist."""
    return _STAGE_NAMES.get(stage, (stage, stage))[language == "zh"]


def stage_title(stage: str, language: str) -> str:
    """A stage as the beginning of a line: "Images"; "图像"."""
    name = stage_name(stage, language)
    return name[:1].upper() + name[1:]


def stages_text(stages: Iterable[str | Sequence[str]], language: str) -> str:
    """An enumeration of stages; those of which one is enough have a stroke between: "script/images and video"."""
    named = (
        stage_name(each, language)
        if isinstance(each, str)
        else "/".join(stage_name(stage, language) for stage in each)
        for each in stages
    )
    return joined(named, language)


def joined(items: Iterable[str], language: str) -> str:
    """An enumeration: "A, B and C", "A、B和C"."""
    listed = list(items)
    if len(listed) < 2:
        return "".join(listed)
    comma, last = ("、", "和") if language == "zh" else (", ", " and ")
    return comma.join(listed[:-1]) + last + listed[-1]
