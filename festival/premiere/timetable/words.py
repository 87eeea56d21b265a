"""Broken rules as sentences in English. The site says them in the reader's language, from the same codes and values."""

from typing import Any

from festival.premiere.timetable.clock import Clock
from festival.premiere.timetable.problem import Pin, Problem
from festival.premiere.timetable.verify import Broken

NEEDS = {
    "format": "a format of its copies",
    "rate": "its frame rate",
    "aspect": "its aspect ratio",
    "surround": "5.1 sound",
    "accessible": "access for everybody",
    "seats": "enough seats",
}
SENTENCES = {
    "unknown_film": "Block {blocks}: there is no film {film}.",
    "unknown_hall": "Block {blocks}: there is no hall {hall}.",
    "film_missing": "Film {film} is in no block.",
    "film_twice": "Film {film} is in more than one block: {blocks}.",
    "block_short": "Block {blocks} lasts {minutes} minutes; {least} are the least.",
    "block_long": "Block {blocks} lasts {minutes} minutes; {most} are the most.",
    "block_films": "Block {blocks} has {films} films; it must have from {least} to {most}.",
    "block_mixed": "The films of block {blocks} do not have the same {attribute}.",
    "screenings": "Block {blocks} has {found} screenings as a {showing}; it must have {wanted}.",
    "repeat_day": "The repeat of block {blocks} must be on a later day than its premiere.",
    "closed": "Hall {hall} is not open for the whole {showing} of block {blocks}, {start} to {end}.",
    "grid": "The {showing} of block {blocks} at {start} does not begin at a multiple of {grid} minutes.",
    "forbidden": "The {showing} of block {blocks} at {start} in hall {hall} is in the forbidden slot {slot}.",
    "needs": "Film {film} of block {blocks} needs {need}, which hall {hall} does not have.",
    "age": "Film {film} of block {blocks} is rated {age}: {start} is outside the age slot {slot}.",
    "rehearsal_missing": "The premiere of block {blocks} has no rehearsal.",
    "rehearsal_unwanted": "The {showing} of block {blocks} has a rehearsal, which this problem does not ask for.",
    "rehearsal_time": "The rehearsal of block {blocks} must end before its premiere and begin at most {hours} "
    "hours before it.",
    "rehearsal_day": "The rehearsal of block {blocks} must be on the day before its premiere.",
    "rehearsal_closed": "Hall {hall} is not open for the whole rehearsal of block {blocks} at {start}.",
    "rehearsal_grid": "The rehearsal of block {blocks} does not begin at a multiple of {grid} minutes.",
    "rehearsal_forbidden": "The rehearsal of block {blocks} at {start} is in the forbidden slot {slot}.",
    "overlap": "Hall {hall} is not free at {later} for block {second}: block {first} has it from {start}, with the "
    "turnaround.",
    "guest_away": "Guest {guest} is not there for the whole premiere of block {blocks}, {start} to {end}.",
    "guest_twice": "Guest {guest} cannot be at the premieres of blocks {first} and {second}, {start} and {later}.",
    "pin_films": "Pin {pin}: the films of block {blocks} are not those that were pinned together.",
    "pin_place": "Pin {pin}: film {film} must run {place} in block {blocks}.",
    "pin_hall": "Pin {pin}: block {blocks} must be in hall {hall}.",
    "pin_start": "Pin {pin}: block {blocks} must begin at {start}.",
    "pin_day": "Pin {pin}: block {blocks} must be on the day of {start}.",
}
TIMES = ("start", "end", "later")


def sentence(problem: Problem, broken: Broken) -> str:
    """What is broken, in English, with local times."""
    clock = Clock(problem.first_day, problem.zone)
    values: dict[str, Any] = dict(broken.values)
    for name in TIMES:
        if values.get(name) is not None:
            values[name] = clock.text(values[name]).replace("T", " ")
    if "need" in values:
        values["need"] = NEEDS[values["need"]]
    values["blocks"] = ", ".join(broken.blocks)
    if broken.blocks:
        values["first"], values["second"] = broken.blocks[0], broken.blocks[-1]
    return SENTENCES[broken.code].format(**values)


RULES = {
    "pin": ("pin {code}: {pin}", "take out the pin {code}"),
    "guest": ("guest {code} is there only {windows}", "ask {code} for another time, or do without a Q&A"),
    "guest_twice": (
        "guest {code} cannot be at two premieres at once",
        "send somebody else to one of the premieres of {code}",
    ),
    "travel": ("the ways between venues take their time", "check the minutes between venues"),
    "needs": ("film {code} needs {needs}", "get another copy of {code}, or equip another hall"),
    "age": ("films rated {least} to {most} begin only in the age slot {code}", "widen the age slot {code}"),
    "forbidden": ("nothing runs in the forbidden slot {code}", "free the slot {code}"),
    "open": ("hall {code} has these opening hours", "open hall {code} for longer"),
    "turnaround": ("halls need their turnaround", "shorten the turnaround"),
    "rehearsal": ("every premiere has a rehearsal before it", "do without rehearsals, or allow them earlier"),
    "repeat": ("repeats are on a later day than the premiere", "allow repeats on the day, or do without"),
    "least": ("a block lasts at least {least} minutes", "allow shorter blocks"),
    "most": ("a block lasts at most {most} minutes", "allow longer blocks"),
    "least_films": ("a block has at least {least_films} films", "allow fewer films in a block"),
    "most_films": ("a block has at most {most_films} films", "allow more films in a block"),
    "same": ("all films of a block have the same {code}", "allow blocks of more than one {code}"),
}


def rule_sentence(problem: Problem, kind: str, code: str) -> tuple[str, str]:
    """A rule in words, and what to relax."""
    clock = Clock(problem.first_day, problem.zone)
    values: dict[str, Any] = {"code": code}
    if kind == "pin":
        values["pin"] = _pin_words(clock, next(pin for pin in problem.pins if pin.code == code))
    if kind == "guest":
        windows = problem.guest[code].available or ()
        spans = [f"{clock.text(one.start)} to {clock.text(one.end)}".replace("T", " ") for one in windows]
        values["windows"] = ", ".join(spans) or "at no time"
    if kind == "needs":
        lacking = {need for hall in problem.halls for need in problem.film[code].lacks(hall)}
        values["needs"] = " and ".join(NEEDS[need] for need in sorted(lacking))
    if kind == "age":
        slot = next(slot for slot in problem.age_slots if slot.code == code)
        values |= {"least": slot.least, "most": slot.most}
    if kind in ("least", "most", "least_films", "most_films"):
        values[kind] = getattr(problem.rules, kind)
    return tuple(text.format(**values) for text in RULES[kind])  # type: ignore[return-value]


def _pin_words(clock: Clock, pin: Pin) -> str:
    said = [f"films {', '.join(pin.films)} make up one block"] if len(pin.films) > 1 or pin.whole else []
    if pin.place:
        said.append(f"film {pin.films[0]} runs {pin.place}")
    place = [f"in hall {pin.hall}"] if pin.hall else []
    if pin.day is not None:
        place.append(f"on {clock.text(clock.midnight(pin.day))[:10]}")
    if pin.start is not None:
        place.append(f"at {clock.text(pin.start)}".replace("T", " "))
    if place:
        said.append(f"the {pin.showing} of film {pin.films[0]} is {' '.join(place)}")
    return "; ".join(said)
