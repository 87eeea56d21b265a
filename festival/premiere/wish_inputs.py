"""What a programmer wishes, as the solver's document has it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from festival.catalogue.models import Film
from festival.edition.form_rules import ProgrammeRules
from festival.kit.errors import Refused
from festival.premiere.models import Hall

TOGETHER = 20  # what it costs that two premieres run at the same time, where it was wished that they do not
FEW = 60  # films up to which these two goals cost next to no time; with 300 they cost more than all else


def complete(wishes: Mapping[str, Any]) -> dict[str, Any]:
    """The wishes, with the usual ones where nothing was said."""
    return {**asdict(ProgrammeRules()), **wishes}


def blocks_of(wishes: Mapping[str, Any]) -> dict[str, Any]:
    """How long a programme is, what stands around its films, and what they have in common."""
    row: dict[str, Any] = {
        "target": wishes["target"],
        "least": wishes["least"],
        "most": wishes["most"],
        "intro_seconds": wishes["intro_minutes"] * 60,
        "label_seconds": wishes["label_seconds"],
        "qa_seconds": wishes["qa_minutes"] * 60,
        "repeat_qa_seconds": 0,
        "same": list(wishes["same"]),
    }
    if wishes["most_films"]:
        row["most_films"] = wishes["most_films"]
    return row


def weights_of(wishes: Mapping[str, Any], films: int) -> dict[str, int]:
    """Goals that the engine leaves out unless they are asked for; of many films they stay out."""
    if films > FEW:
        return {}
    return {"smaller_hall": 1, "together": TOGETHER if wishes["one_after_other"] else 0}


def age_slots_of(wishes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """From when on films for grown-ups may begin."""
    if not wishes["late_age"]:
        return []
    return [{"slot": "late", "age_from": wishes["late_age"], "from": wishes["late_from"], "until": "30:00"}]


def free_code(number: int) -> str:
    """What the problem calls the row of a time that has to stay free."""
    return f"free-{number}"


def film_code(number: int) -> str:
    """What the problem calls the row of a wish for a film."""
    return f"film-{number}"


def free_times_of(wishes: Mapping[str, Any], halls: Sequence[Hall]) -> list[dict[str, Any]]:
    """Times that stay free in a hall, or in all."""
    known = {"", *(str(hall.pk) for hall in halls)}
    return [
        {"slot": free_code(number), "from": row["starts"], "until": row["ends"]}
        | ({"hall": row["hall"]} if row["hall"] else {})
        for number, row in enumerate(wishes.get("free", ()))
        if row["hall"] in known
    ]


def pins_of(wishes: Mapping[str, Any], asked: Sequence[Film], halls: Sequence[Hall]) -> list[dict[str, Any]]:
    """The wishes for films that the solver places. Refused where one is to run with a film that stays elsewhere."""
    films, known = {film.code: film for film in asked}, {str(hall.pk) for hall in halls}
    found = []
    for number, row in enumerate(wishes.get("films", ())):
        if row["film"] not in films:
            continue
        if row["beside"] and row["beside"] not in films:
            raise Refused(
                _(
                    "“%(film)s” cannot be put beside a film whose screening stays as it is. Change one of the two."
                )
                % {"film": films[row["film"]].heading},
                status=400,
                code="beside",
            )
        pin: dict[str, Any] = {"pin": film_code(number), "films": [row["film"]]}
        if row["beside"]:
            pin["films"].append(row["beside"])
        if row["place"]:
            pin["place"] = row["place"]
        if row["hall"] in known:
            pin["hall"] = row["hall"]
        if row["starts"]:
            pin["starts"] = row["starts"]
        elif row["day"]:
            pin["day"] = row["day"]
        found.append(pin)
    return found
