"""A film's AI statement in a sentence or two, for readers who want no table."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from festival.edition.tools import joined, stage_name
from festival.kit.words import say, short_language


def in_words(lines: Iterable[Mapping[str, Any]]) -> str:
    """Which tools made what, and how much of the film; what was made without AI. Lines as `Film.tools` keeps them."""
    language = short_language()
    made: dict[str, list[str]] = {}
    without = []
    for line in lines:
        stage = stage_name(line["stage"], language) if line.get("stage") else ""
        if line.get("no_ai"):
            without.append(stage)
            continue
        name = " ".join(filter(None, (say(line.get("tool") or {}), line.get("version") or "")))
        if line.get("share"):
            stage = _("%(stage)s, %(share)s%% of the film") % {"stage": stage, "share": line["share"]}
        made.setdefault(name or _("AI"), []).append(stage)
    between, said = ("；" if language == "zh" else "; "), []
    if made:
        tools = [
            _("%(tool)s (%(made)s)") % {"tool": tool, "made": between.join(filter(None, stages))}
            for tool, stages in made.items()
        ]
        said.append(_("Made with %(tools)s.") % {"tools": joined(tools, language)})
    if without := [stage for stage in without if stage]:
        said.append(_("Without AI: %(stages)s.") % {"stages": joined(without, language)})
    return ("" if language == "zh" else " ").join(said)
