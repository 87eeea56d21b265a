"""Reads the rulebook's table `ai`: what the entrant's AI statement must say, and the edition's own tools."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from festival.edition.rulebook import AiLimits
from festival.edition.tools import PICTURES, STAGES, Catalogue, Tool, catalogue, tool_of

MOST_TOOLS = 20
_KEYS = tuple(AiLimits.__dataclass_fields__)
_TOOL_KEYS = ("name", "zh", "maker", "makes", "aliases")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LONGEST_NAME = 80

Tell = Callable[..., None]


def read_ai(values: Mapping[str, Any], fault: Tell) -> AiLimits:
    """The table as data. `fault(key, code, **values)` is told everything that is wrong with it."""
    own = tuple(_own_tools(values.get("tools", {}), fault))
    known = catalogue(own)
    read: dict[str, Any] = {"tools": own}
    for key, value in values.items():
        path = f"ai.{key}"
        match key:
            case "tools":
                continue
            case "required":
                if isinstance(value, bool):
                    read[key] = value
                else:
                    fault(path, "not_a_yes_or_no")
            case "min_tools" | "min_share" | "min_sponsor_share":
                most = MOST_TOOLS if key == "min_tools" else 100
                if isinstance(value, bool) or not isinstance(value, int):
                    fault(path, "not_a_whole_number")
                elif 1 <= value <= most:
                    read[key] = value
                else:
                    fault(path, "out_of_range", value=value, low=1, high=most)
            case "required_stages":
                read[key] = tuple(_stages(path, value, fault))
            case "forbidden_stages":
                read[key] = tuple(_some(path, value, STAGES[:-1], "unknown_choice", fault))
            case "sponsor_tools" | "allowed_tools" | "forbidden_tools":
                read[key] = tuple(_some(path, value, known.by_slug, "unknown_tool", fault))
            case _:
                fault(path, "unknown_key", known=[*_KEYS, "severity"])
    limits = AiLimits(**read)
    _possible(limits, known, fault)
    return limits


def _some(path: str, value: object, known: Iterable[str], code: str, fault: Tell) -> Iterable[str]:
    """The known values of a list, each once; everything else is told."""
    if not isinstance(value, list) or not value:
        fault(path, "not_a_list")
        return
    for item in dict.fromkeys(map(str, value)):
        if item in known:
            yield item
        else:
            fault(path, code, value=item, known=list(known))


def _stages(path: str, value: object, fault: Tell) -> Iterable[str | tuple[str, ...]]:
    """Stages, and lists of stages of which one is enough."""
    if not isinstance(value, list) or not value:
        fault(path, "not_a_list")
        return
    for item in value:
        known = tuple(
            _some(path, item if isinstance(item, list) else [item], STAGES[:-1], "unknown_choice", fault)
        )
        if known:
            yield known if len(known) > 1 else known[0]


def _own_tools(value: object, fault: Tell) -> Iterable[Tool]:
    if not isinstance(value, dict) or not all(isinstance(table, dict) for table in value.values()):
        fault("ai.tools", "not_tool_tables")
        return
    for slug, table in value.items():
        path, sound = f"ai.tools.{slug}", True

        def wrong(key: str, code: str, path: str = path, **values: object) -> None:
            nonlocal sound
            sound = False
            fault(f"{path}.{key}" if key else path, code, **values)

        if not _SLUG.fullmatch(slug):
            wrong("", "not_a_tool_slug", value=slug)
        for key in table:
            if key not in _TOOL_KEYS:
                wrong(key, "unknown_key", known=list(_TOOL_KEYS))
        for key in ("name", "zh", "maker"):
            text = table.get(key, "" if key != "name" else None)
            if not isinstance(text, str) or len(text) > LONGEST_NAME or (key == "name" and not text.strip()):
                wrong(key, "not_a_tool_name", most=LONGEST_NAME)
        made = list(
            _some(f"{path}.makes", table.get("makes"), STAGES[:-1], "unknown_choice", wrong_at(wrong))
        )
        names = table.get("aliases", [])
        if not isinstance(names, list) or not all(
            isinstance(name, str) and 1 < len(name.strip()) <= LONGEST_NAME for name in names
        ):
            wrong("aliases", "not_tool_aliases", most=LONGEST_NAME)
        if sound and made:
            yield tool_of(slug, table)


def wrong_at(wrong: Tell) -> Tell:
    """Tells a fault of a whole path by its last part."""
    return lambda path, code, **values: wrong(path.rsplit(".", 1)[-1], code, **values)


def _possible(limits: AiLimits, known: Catalogue, fault: Tell) -> None:
    """Tells what no statement could meet."""
    if limits.min_sponsor_share and not limits.sponsor_tools:
        fault("ai.min_sponsor_share", "needs_sponsor_tools")
    if both := [slug for slug in limits.allowed_tools if slug in limits.forbidden_tools]:
        fault("ai.forbidden_tools", "tool_allowed_and_forbidden", value=", ".join(both))
    usable = [slug for slug in limits.allowed_tools or known.by_slug if slug not in limits.forbidden_tools]
    if limits.sponsor_tools and not set(limits.sponsor_tools) & set(usable):
        fault("ai.sponsor_tools", "sponsor_tools_shut_out")
    for asked in limits.required_stages:
        if set(_either(asked)) <= set(limits.forbidden_stages):
            fault(
                "ai.forbidden_stages",
                "stage_asked_and_forbidden",
                value=" / ".join(_either(asked)),
                other="ai.required_stages",
            )
    if limits.min_share and set(PICTURES) <= set(limits.forbidden_stages):
        fault(
            "ai.forbidden_stages",
            "stage_asked_and_forbidden",
            value=" / ".join(PICTURES),
            other="ai.min_share",
        )
    if not limits.allowed_tools:
        return  # tools that the catalogue does not know can be named as well
    if limits.min_tools and limits.min_tools > len(usable):
        fault("ai.min_tools", "too_few_tools_allowed", value=limits.min_tools, most=len(usable))
    made = {stage for slug in usable for stage in known.by_slug[slug].makes}
    for asked in limits.required_stages:
        if not made & set(_either(asked)):
            fault("ai.required_stages", "no_allowed_tool_makes", value=" / ".join(_either(asked)))
    if limits.min_share and not made & set(PICTURES):
        fault("ai.min_share", "no_allowed_tool_makes", value=" / ".join(PICTURES))


def _either(asked: str | tuple[str, ...]) -> tuple[str, ...]:
    """The stages of which one is enough."""
    return (asked,) if isinstance(asked, str) else asked
