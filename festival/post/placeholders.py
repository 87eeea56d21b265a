"""Placeholders in letters: {title}. A text is searched for them and nothing else; nothing in it is ever run."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
BRACE = re.compile(r"[{}｛｝]")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`says` explains it to organisers; `sample` stands for it in a preview, in each language.

    `own` marks what an entrant wrote: of a draft the desk does not see it.
    """

    says: str | Promise
    sample: Mapping[str, str]
    own: bool = False


PLACEHOLDERS: dict[str, Placeholder] = {
    "name": Placeholder(gettext_lazy("the recipient’s name"), {"en": "Mira Castellan", "zh": "林晓雨"}),
    "edition": Placeholder(
        gettext_lazy("the contest’s name"), {"en": "First Light 2026", "zh": "2026首映之光"}
    ),
    "link": Placeholder(
        gettext_lazy("the address of the page that the letter speaks of; left out, it stands below the text"),
        {"en": "https://contest.example/entries/K7M2X9Q/", "zh": "https://contest.example/entries/K7M2X9Q/"},
        own=True,
    ),
    "title": Placeholder(
        gettext_lazy("the entry’s title"), {"en": "Snow on Mars", "zh": "火星上的雪"}, own=True
    ),
    "code": Placeholder(gettext_lazy("the entry’s code"), {"en": "K7M2X9Q", "zh": "K7M2X9Q"}, own=True),
    "person": Placeholder(
        gettext_lazy("the name of the other person"), {"en": "Jonas Feld", "zh": "方远"}, own=True
    ),
    "filename": Placeholder(
        gettext_lazy("the name of the file that arrived"),
        {"en": "snow-on-mars-v2.mov", "zh": "火星上的雪_v2.mov"},
        own=True,
    ),
    "award": Placeholder(
        gettext_lazy("the award’s name; several are joined"),
        {"en": "Grand Prize", "zh": "年度大奖"},
        own=True,
    ),
    "decision": Placeholder(
        gettext_lazy("what was decided about the objection, and why"),
        {"en": "Dismissed: …", "zh": "不成立：……"},
        own=True,
    ),
    "deadline": Placeholder(
        gettext_lazy("until when, with date, time and place"),
        {"en": "1 March 2027, 23:59 (Shanghai time)", "zh": "2027年3月1日 23:59（北京时间）"},
    ),
    "before": Placeholder(
        gettext_lazy("the deadline as it was before"),
        {"en": "22 February 2027, 23:59 (Shanghai time)", "zh": "2027年2月22日 23:59（北京时间）"},
    ),
    "track": Placeholder(gettext_lazy("the name of the track"), {"en": "Story", "zh": "叙事"}),
    "track_before": Placeholder(
        gettext_lazy("the name of the track in which the entry was before"), {"en": "Animation", "zh": "动画"}
    ),
    "reason": Placeholder(
        gettext_lazy("the reason, as the team wrote it for the entrant"),
        {"en": "A stock agency’s watermark can be seen at 1:12.", "zh": "1:12处可见图库水印。"},
    ),
    "fields": Placeholder(
        gettext_lazy("what of the entry is corrected, a line each"),
        {"en": "– Title\n– Credits", "zh": "– 作品名称\n– 演职员表"},
    ),
    "findings": Placeholder(
        gettext_lazy("what the inspection found and the team accepts, a line each"),
        {"en": "– The film is too quiet", "zh": "– 响度偏低"},
        own=True,
    ),
    "showings": Placeholder(
        gettext_lazy("when and where the film is shown, and what of that is new, a line each"),
        {
            "en": "17 April 2027, 19:30 (Shanghai time), Grand Cinema · Hall 1 · “Night shorts”: new in the programme",
            "zh": "2027年4月17日 19:30（北京时间），大光明电影院 · 1号厅 · “夜场短片”：新增场次",
        },
        own=True,
    ),
    "films": Placeholder(gettext_lazy("how many entries a judge has left"), {"en": "12", "zh": "12"}),
    "time": Placeholder(gettext_lazy("how long they take, all together"), {"en": "41 min", "zh": "41分钟"}),
    "meeting": Placeholder(
        gettext_lazy("the name of the jury’s meeting"), {"en": "Final meeting", "zh": "终评会"}
    ),
    "when": Placeholder(
        gettext_lazy("when the meeting begins, with date, time and place of the clocks"),
        {"en": "1 March 2027, 20:00 (Shanghai time)", "zh": "2027年3月1日 20:00（北京时间）"},
    ),
    "place": Placeholder(
        gettext_lazy("where the meeting is: a room or an address"),
        {"en": "https://meet.example/jury", "zh": "https://meet.example/jury"},
    ),
    "question": Placeholder(
        gettext_lazy("what the jury votes on"),
        {"en": "Which entry gets the main prize?", "zh": "大奖授予哪部作品？"},
    ),
    "cohort": Placeholder(
        gettext_lazy("the name of the cohort in which a place is offered"),
        {"en": "Seven directors", "zh": "七位导演"},
    ),
    "milestone": Placeholder(gettext_lazy("the name of the milestone"), {"en": "Rough cut", "zh": "粗剪"}),
    "task": Placeholder(
        gettext_lazy("what is to be done, as it was agreed"),
        {"en": "Shorten the first scene", "zh": "压缩第一场戏"},
    ),
    "role": Placeholder(gettext_lazy("the role that somebody is invited to"), {"en": "Judge", "zh": "评委"}),
    "cause": Placeholder(
        gettext_lazy("why somebody declined, as chosen from a list"),
        {"en": "No time in these weeks.", "zh": "近期没有时间。"},
    ),
    "message": Placeholder(
        gettext_lazy("what the inviting person adds in her own words"),
        {"en": "We would be glad to have you with us.", "zh": "非常期待您的加入。"},
    ),
    "missing": Placeholder(
        gettext_lazy("what is left to do for the draft, a line each"),
        {
            "en": "– Write a synopsis in at least one language.\n– Name who made it.",
            "zh": "– 请至少用一种语言填写剧情简介。\n– 请填写主创人员。",
        },
        own=True,
    ),
}


def names_in(*texts: str) -> set[str]:
    """The placeholders of some texts, known or not."""
    return {name for text in texts for name in PLACEHOLDER.findall(text)}


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced, once: what a value contains is not looked into."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def faults(text: str, allowed: Collection[str]) -> list[str]:
    """What is wrong with the placeholders of a text, one sentence each."""
    found = [
        _("{%(name)s} is no placeholder of this letter. It may use: %(allowed)s.")
        % {"name": name, "allowed": braced(allowed)}
        for name in dict.fromkeys(PLACEHOLDER.findall(text))
        if name not in allowed
    ]
    rest = PLACEHOLDER.sub("", text)
    if stray := BRACE.search(rest):
        near = rest[max(stray.start() - 12, 0) : stray.end() + 12].strip()
        found.append(
            _("A brace stands where none belongs, near “%(near)s”. A placeholder looks like {title}.")
            % {"near": near}
        )
    return found


def lacking(needed: Collection[str], *texts: str) -> list[str]:
    """Which placeholders that must stand in a letter do not, one sentence each; `texts` are subject and body."""
    there = names_in(*texts)
    return [
        _("The letter must say {%(name)s} (%(says)s), in the subject or in the text.")
        % {"name": name, "says": PLACEHOLDERS[name].says}
        for name in needed
        if name not in there
    ]


def braced(names: Collection[str]) -> str:
    """ "{title}, {code}"; as it is written in Chinese too."""
    return ", ".join(f"{{{name}}}" for name in names)
