"""The last part of the fairness report in words: methods, their versions, and digests."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from festival.kit.words import say
from judging.fairness.blocks import Block


def proof(document: Mapping[str, Any]) -> Iterable[Block]:
    """Methods and their versions; digests of everything, or for everybody those that stand for all."""
    yield Block("heading", _("Methods and digests"))
    yield Block(
        "text",
        _(
            "Whoever has the results computes all of this again with the published code: each of them, and this "
            "report to the byte."
        ),
    )
    if document["public"]:
        yield Block("table", _("Methods"), (_("What"), _("Method")), tuple(_methods(document)))
        digests = (
            (_("Whole report"), document["report_digest"]),
            (_("Results"), document["results_digest"]),
        )
        yield Block("table", _("Digests"), (_("What"), "SHA-256"), digests)
        return
    lines = [(_("Results"), document["results_digest"])]
    for what, row in _results(document):
        method = f" ({_method(row)})" if "method" in row else ""
        given = row.get("inputs_digest") or row.get("problem_digest")
        if given:
            lines.append((f"{what}: {_('inputs')}{method}", given))
            lines.append((f"{what}: {_('result')}", row["result_digest"]))
        else:
            lines.append((f"{what}{method}", row["digest"]))
    yield Block(
        "table",
        _("Method, and digests that anybody can compute again"),
        (_("What"), "SHA-256"),
        tuple(lines),
    )


def _methods(document: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """By which method, in which version, each result was computed."""
    for what, row in _results(document):
        if "method" in row:
            yield what, _method(row)


def _results(document: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """Everything that was computed, by what it is called."""
    for round in document["rounds"]:
        name = say(round["plan"]["name"])
        for number, row in enumerate(round["drawings"], 1):
            yield _("%(round)s, drawing of looks %(number)d") % {"round": name, "number": number}, row
        for row in round["standings"]:
            what = _("%(round)s, standing %(number)d") % {"round": name, "number": row["number"]}
            yield what, row
            if row["adjusted"]:
                yield _("%(standing)s: model of judges and films") % {"standing": what}, row["adjusted"]
        for number, cut in enumerate(round["cuts"], 1):
            if cut["tie"]:
                yield (
                    _("%(round)s, ties of cut %(number)d") % {"round": name, "number": number},
                    cut["tie"],
                )
    for number, vote in enumerate(document["votes"], 1):
        yield _("Vote of the jury %(number)d") % {"number": number}, vote
    for row in (document["awards"] or {}).get("versions", ()):
        yield _("Award list, version %(number)d") % {"number": row["number"]}, row


def _method(row: Mapping[str, Any]) -> str:
    return _("%(method)s, version %(version)d") % {"method": row["method"], "version": row["method_version"]}
