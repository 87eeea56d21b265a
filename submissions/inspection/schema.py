"""The JSON Schema of a report, made from the report's own dataclasses.

`python -m submissions.inspection.schema > docs/inspection.schema.json` writes it anew after a change of the report.
Keys of a later engine are allowed, as `Report.from_json` passes over them.
"""

import json
import sys
from dataclasses import MISSING, fields
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from submissions.inspection.report import ENGINE, Report

_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}


def report_schema() -> dict[str, Any]:
    """The schema as JSON values (draft 2020-12)."""
    definitions: dict[str, Any] = {}
    top = _object(Report, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Inspection report of one film",
        "description": f"{_doc(Report)} Engine {ENGINE}. Times are seconds from the film's first moment.",
        **{key: value for key, value in top.items() if key != "description"},
        "$defs": dict(sorted(definitions.items())),
    }


def _object(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    required = [
        each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING
    ]
    return {
        "type": "object",
        "description": _doc(kind),
        "properties": {each.name: _value(hints[each.name], definitions) for each in fields(kind)},
        **({"required": required} if required else {}),
    }


def _value(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, args = get_origin(hint), get_args(hint)
    if hint is Any:
        return {}
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if origin in (Union, UnionType):
        return {
            "anyOf": [_value(each, definitions) for each in args if each is not type(None)]
            + [{"type": "null"}]
        }
    if origin is Literal:
        return {"enum": list(args)}
    if origin is tuple and args[-1] is Ellipsis:
        return {"type": "array", "items": _value(args[0], definitions)}
    if origin is tuple:
        return {
            "type": "array", "prefixItems": [_value(each, definitions) for each in args],
            "minItems": len(args), "maxItems": len(args),
        }  # fmt: skip
    if origin is dict:
        return {"type": "object", "additionalProperties": _value(args[1], definitions)}
    name = hint.__name__
    if name not in definitions:
        definitions[name] = {}
        definitions[name] = _object(hint, definitions)
    return {"$ref": f"#/$defs/{name}"}


def _doc(kind: Any) -> str:
    return " ".join(str(kind.__doc__ or "").split())


if __name__ == "__main__":
    json.dump(report_schema(), sys.stdout, ensure_ascii=False, indent=2)
    print()
