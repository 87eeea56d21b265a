"""What columns of the table are made of beside the entry's own row: read in sets, without an object for each line.

Each fact costs one query for all entries that are asked at once; what Django would convert row by row (yes or no,
JSON) is asked for as it is kept. What is said in the same words again and again
(roles, lines of AI statements, rules) is put into words once for a table.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import IntegerField, TextField
from django.db.models.functions import Cast

from festival.edition.models import Edition
from festival.edition.role_words import role_name
from festival.kit.among import Among
from festival.kit.csv_table import Cell
from festival.kit.words import short_language
from submissions.credit_gaps import listed
from submissions.finding_words import rule_title
from submissions.models import (
    Answer,
    Credit,
    FilmVersion,
    FindingRow,
    Question,
    StatementFinding,
    ToolUse,
    Wording,
)
from submissions.question_forms import answer_text
from submissions.statement.facts import Use
from submissions.statement_view import rulebook_of, use_text

REMEMBERED = 4000  # different wordings, so that a long table takes no more memory than a short one

NOTHING: Mapping[str, Any] = {
    "credits": "",
    "representative": ("", ""),
    "tools": "",
    "rules": "",
    "film": (None, None, None),
    "answers": {},
}
"""The facts, and what an entry has that lacks them."""

Found = dict[int, Any]  # by entry


class Gatherer:
    """Gathers the facts with these names, those of NOTHING, for one reader's table."""

    def __init__(self, edition: Edition, names: Iterable[str]) -> None:
        wanted = set(names)
        self.names = tuple(name for name in NOTHING if name in wanted)
        self._tools = rulebook_of(edition).tools
        self._language = short_language()
        self._between = "；" if self._language == "zh" else "; "
        self._roles = lru_cache(REMEMBERED)(self._say_roles)
        self._use = lru_cache(REMEMBERED)(self._say_use)
        self._rule = lru_cache(REMEMBERED)(lambda rule: rule_title(rule, self._language))
        self._questions: dict[int, Question] = {}
        self._wordings: dict[int, Wording] = {}

    def of(self, inspections: Mapping[int, int | None]) -> list[Found]:
        """The facts of these entries, in the order of `names`. `inspections`: the newest one of each."""
        readers: Mapping[str, Callable[[Mapping[int, int | None]], Found]] = {
            "credits": self._credits,
            "representative": self._representatives,
            "tools": self._uses,
            "rules": self._rules,
            "film": self._films,
            "answers": self._answers,
        }
        return [readers[name](inspections) for name in self.names]

    def _credits(self, inspections: Mapping[int, int | None]) -> Found:
        """People and roles in one line: "Ann Lee (Direction, Editing); 李雷 (Music)"."""
        rows = Credit.objects.filter(Among("entry_id", inspections)).order_by("entry_id", "position")
        said: dict[int, list[str]] = {}
        for entry, name, roles, other in rows.values_list(
            "entry_id", "name", Cast("roles", TextField()), "role_other"
        ):
            said.setdefault(entry, []).append(name + self._roles(roles, other))
        return {entry: self._between.join(lines) for entry, lines in said.items()}

    def _say_roles(self, roles: str, other: str) -> str:
        """What follows a name: many people do the same things, and hardly two have one name."""
        left, right = ("（", "）") if self._language == "zh" else (" (", ")")
        text = listed([role_name(role, other) for role in json.loads(roles)])
        return f"{left}{text}{right}" if text else ""

    def _representatives(self, inspections: Mapping[int, int | None]) -> Found:
        """Name and address of who speaks for the team; the account's own person has the account's address."""
        rows = Credit.objects.filter(Among("entry_id", inspections), is_representative=True).order_by()
        return {
            entry: (name, email or (account if own else ""))
            for entry, name, email, own, account in rows.values_list(
                "entry_id", "name", "email", Cast("is_self", IntegerField()), "entry__entrant__email"
            )
        }

    def _uses(self, inspections: Mapping[int, int | None]) -> Found:
        rows = ToolUse.objects.filter(Among("entry_id", inspections)).order_by("entry_id", "position")
        said: dict[int, list[str]] = {}
        for entry, *use in rows.values_list(
            "entry_id", "stage", "tool", "other", "version", "share", Cast("no_ai", IntegerField())
        ):
            said.setdefault(entry, []).append(self._use(*use))
        return {entry: "; ".join(lines) for entry, lines in said.items()}

    def _say_use(self, stage: str, tool: str, other: str, version: str, share: int | None, no_ai: int) -> str:
        return use_text(Use(stage, tool, other, version, share, no_ai=bool(no_ai)), self._tools)

    def _rules(self, inspections: Mapping[int, int | None]) -> Found:
        """What the newest inspection and the AI statement break. Two queries."""
        of = {newest: entry for entry, newest in inspections.items() if newest is not None}
        films = FindingRow.objects.filter(Among("inspection_id", of)).order_by("pk")
        statements = StatementFinding.objects.filter(Among("entry_id", inspections)).order_by("pk")
        said: dict[int, list[str]] = {}
        for inspection, rule in films.values_list("inspection_id", "rule"):
            said.setdefault(of[inspection], []).append(self._rule(rule))
        for entry, rule in statements.values_list("entry_id", "rule"):
            said.setdefault(entry, []).append(self._rule(rule))
        return {entry: "; ".join(lines) for entry, lines in said.items()}

    def _films(self, inspections: Mapping[int, int | None]) -> Found:
        """Name, size and SHA-256 of the newest version."""
        rows = FilmVersion.objects.filter(Among("entry_id", inspections)).order_by("number")
        return {
            entry: tuple(film)
            for entry, *film in rows.values_list("entry_id", "filename", "size", "asset__sha256")
        }

    def _answers(self, inspections: Mapping[int, int | None]) -> Found:
        """By question what was answered, in the words that it was answered in; a number as a number. Up to two
        queries more where questions are met for the first time.
        """
        rows = Answer.objects.filter(Among("entry_id", inspections)).order_by()
        given = list(rows.values_list("entry_id", "question_id", "wording_id", "value"))
        _learn(Question, self._questions, [question for _entry, question, _wording, _value in given])
        _learn(Wording, self._wordings, [wording for _entry, _question, wording, _value in given])
        found: dict[int, dict[int, Cell]] = {}
        for entry, question, wording, value in given:
            asked = self._questions[question]
            said = (
                value
                if asked.kind == Question.Kind.NUMBER
                else answer_text(asked, self._wordings[wording], value)
            )
            found.setdefault(entry, {})[question] = said
        return found


def _learn(model: Any, known: dict[int, Any], ids: Sequence[int]) -> None:
    """Fetch those rows of a model that are not known yet."""
    if missing := set(ids).difference(known):
        known.update(model.objects.in_bulk(missing))
