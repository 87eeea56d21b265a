"""Hard problems of awards: `python -m benchmarks.laurels_hard [SHAPE …]`.

55 places over 10,000 films with rules that interact, and rules that clash. Each shape runs in a process of its own.
Printed are CPU seconds of the whole filling, with the proof and the reasons, and the peak of memory.
"""

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from random import Random

from judging.logic.awarding.engine import fill
from judging.logic.awarding.problem import Cap, Condition, Entry, Pin, Problem, Quota, Ranked, Slot

FILMS = 10_000
TIERS = (1, 3, 5, 2, 2, 4, 8, 10, 20)
REGIONS = ("cn", "asia", "europe", "americas", "africa", "oceania")
LANGUAGES = ("zh", "en", "es", "fr", "ja", "hi", "sw", "pt")
FORMS = ("drama", "animation", "documentary", "music")
TRACKS = ("open", "student", "brand", "short", "series")
ELIGIBLE = (Condition("cleared", "is", True),)
CAPS = (Cap("team", "team", 2), Cap("entrant", "entrant", 1))


def films(
    draw: Random, *, owners: int = 3_000, top: tuple[int, int] = (0, 0), ties: int = 1
) -> tuple[tuple[Entry, ...], tuple[Ranked, ...]]:
    """Films with a standing. `top`: of the first so many, so many teams own nine in ten. `ties`: films of one rank."""
    first, few = top
    entries, rows = [], []
    for number in range(FILMS):
        big = number < first and draw.random() < 0.9
        team = f"big{draw.randrange(few)}" if big else f"t{draw.randrange(owners)}"
        attributes = {
            "track": draw.choice(TRACKS),
            "region": draw.choices(REGIONS, (50, 20, 14, 10, 5, 1))[0],
            "language": draw.choices(LANGUAGES, (45, 25, 8, 7, 7, 4, 2, 2))[0],
            "form": draw.choice(FORMS),
            "share_a": draw.randrange(101),
            "share_b": draw.randrange(101),
            "cleared": draw.random() > 0.03,
        }
        film = f"f{number:05}"
        groups = {"team": (team,), "entrant": (f"e{draw.randrange(FILMS * 3 // 4)}",)}
        entries.append(Entry(film, attributes, groups))
        rows.append(Ranked(film, number // ties * ties + 1, 0, round(9.5 - number / 2_000, 3)))
    return tuple(entries), tuple(rows)


def tiers() -> tuple[Slot, ...]:
    """Nine tiers of 55 places."""
    return tuple(Slot(f"s{tier}", places, order="o") for tier, places in enumerate(TIERS))


def only(attribute: str, value: object) -> tuple[Condition, ...]:
    """A slot's condition."""
    return (Condition(attribute, "is", value),)


def owners() -> Problem:
    """Nine teams own most of the first 4,000 films; a team has at most two awards, and one of the first three tiers."""
    entries, rows = films(Random(11), top=(4_000, 9))
    high = Cap("team high", "team", 1, ("s0", "s1", "s2"))
    return Problem(tiers(), entries, {"o": rows}, (*CAPS, high), (), ELIGIBLE)


def quotas() -> Problem:
    """Minimums of regions, languages and forms that leave hardly any choice, and maximums besides."""
    entries, rows = films(Random(12), top=(2_000, 30))
    least = {"cn": 10, "asia": 10, "europe": 10, "americas": 10, "africa": 9, "oceania": 6}
    found = [Quota(f"region {name}", "region", name, number, number + 1) for name, number in least.items()]
    found += [Quota(f"language {name}", "language", name, 5, 9) for name in LANGUAGES]
    found += [Quota(f"form {name}", "form", name, 12, 15) for name in FORMS]
    found.append(Quota("oceania high", "region", "oceania", 2, None, ("s1", "s2")))
    return Problem(tiers(), entries, {"o": rows}, CAPS, tuple(found), ELIGIBLE)


def sponsors() -> Problem:
    """Sponsored slots over films made mostly with one tool, whose makers the first tiers like as well."""
    draw = Random(13)
    entries, rows = films(draw, top=(3_000, 20))
    marked = []
    for number, entry in enumerate(entries):
        pool = draw.randrange(14) if number < 150 else -1
        tool = {"tool": f"tool{pool}", "tool_share": 50 + number % 50}
        marked.append(replace(entry, attributes={**entry.attributes, **tool}))
    share = Condition("tool_share", "at_least", 70)
    slots = [Slot("grand", 1, order="o"), Slot("first", 6, order="o"), Slot("second", 20, order="o")]
    for pool in range(14):
        slots.append(Slot(f"tool{pool}", 2, order="o", require=(*only("tool", f"tool{pool}"), share)))
    return Problem(tuple(slots), tuple(marked), {"o": rows}, CAPS, (), ELIGIBLE)


def late() -> Problem:
    """Minimums that films behind rank 9,000 alone can serve, several of the same team."""
    entries, rows = films(Random(14), top=(5_000, 12))
    changed = []
    for number, entry in enumerate(entries):
        attributes, groups = dict(entry.attributes), dict(entry.groups)
        attributes["rare"] = f"r{number % 7}" if number > 9_000 and number % 11 == 0 else "no"
        if attributes["rare"] != "no":
            groups["team"] = (f"late{number % 13}",)
        changed.append(Entry(entry.film, attributes, groups))
    found = tuple(Quota(f"rare {kind}", "rare", f"r{kind}", 4, 5) for kind in range(5))
    found += (Quota("high rare", "rare", "r0", 1, None, ("s1",)), Quota("africa", "region", "africa", 6))
    return Problem(tiers(), tuple(changed), {"o": rows}, CAPS, found, ELIGIBLE)


def combining() -> Problem:
    """Slots that combine, with limits for film, team and entrant over both."""
    entries, rows = films(Random(15), top=(1_500, 10))
    slots = [*tiers()[:7], Slot("audience", 6, order="v", combines=("s0", "s1", "s2"))]
    for form in FORMS:
        slots.append(
            Slot(f"best {form}", 2, order="o", require=only("form", form), combines=("s0", "s1", "audience"))
        )
    for name in REGIONS:
        slots.append(Slot(f"of {name}", 2, order="o", require=only("region", name), combines=("s2", "s5")))
    slots.append(Slot("student", 4, order="o", tracks=("student",), combines=("of cn",)))
    votes = tuple(Ranked(row.film, FILMS + 1 - row.rank) for row in rows[:400])
    high = Cap("team high", "team", 1, ("s0", "s1"))
    caps = (Cap("film", "film", 2), Cap("team", "team", 3), high, CAPS[1])
    found = (Quota("hindi", "language", "hi", 6), Quota("zh", "language", "zh", 0, 20))
    return Problem(tuple(slots), entries, {"o": rows, "v": votes}, caps, found, ELIGIBLE)


def ex_aequo() -> Problem:
    """Twelve films of each rank, in slots that share, under limits that let few of them."""
    entries, rows = films(Random(16), top=(2_000, 15), ties=12)
    slots = tuple(replace(slot, shared=True) for slot in tiers())
    found = (
        Quota("cn", "region", "cn", 20, 28),
        Quota("africa", "region", "africa", 5),
        Quota("sw", "language", "sw", 4, 6),
    )
    return Problem(slots, entries, {"o": rows}, CAPS, found, ELIGIBLE)


def single() -> Problem:
    """55 slots of one place: 20 for all, then 35 whose few films are those at the head of the standing."""
    draw = Random(17)
    entries, rows = films(draw, top=(3_000, 25))
    pools: dict[int, set[int]] = {number: set() for number in range(300)}
    for pool in range(35):
        for number in draw.sample(range(90), 3):
            pools[number].add(pool)
    marked = []
    for number, entry in enumerate(entries):
        own = {f"pool{pool}": True for pool in sorted(pools.get(number, ()))}
        marked.append(replace(entry, attributes={**entry.attributes, **own}))
    slots = [Slot(f"all{number}", 1, order="o") for number in range(20)]
    slots += [Slot(f"best{pool}", 1, order="o", require=only(f"pool{pool}", True)) for pool in range(35)]
    caps = (Cap("team", "team", 3), CAPS[1])
    return Problem(tuple(slots), tuple(marked), {"o": rows}, caps, (), ELIGIBLE)


def mixed() -> Problem:
    """A little of everything: sponsors, quotas, high limits, slots that combine and share, rare films."""
    problem = late()
    numbers = zip(REGIONS, (8, 7, 6, 5, 5, 2), strict=True)
    regions = [Quota(f"region {name}", "region", name, least, 22) for name, least in numbers]
    forms = [Quota(f"form {form}", "form", form, 9, 18) for form in FORMS]
    slots = list(problem.slots)
    slots[3] = replace(slots[3], require=(Condition("share_a", "at_least", 70),), combines=("s8",))
    abroad = Condition("region", "one_of", ("asia", "africa"))
    slots[4] = replace(slots[4], require=(Condition("share_b", "at_least", 70), abroad))
    slots[5] = replace(slots[5], tracks=("student",), shared=True)
    slots[6] = replace(slots[6], tracks=("student", "brand", "short"))
    return replace(
        problem,
        slots=tuple(slots),
        quotas=(*problem.quotas[:4], *regions, *forms),
        caps=(*problem.caps, Cap("team high", "team", 1, ("s0", "s1", "s2", "s3"))),
    )


def vacancies() -> Problem:
    """Slots that may stay vacant below a score or a rank, while minimums ask for films that hardly reach it."""
    entries, rows = films(Random(18), top=(2_000, 10))
    slots = []
    for number, slot in enumerate(tiers()):
        vacant = number not in (0, 8)
        least = 9.2 if number % 3 == 1 else None
        last = 900 if number % 3 == 2 else None
        slots.append(replace(slot, vacant=vacant, least=least, last=last))
    high = ("s1", "s2", "s3", "s4")
    found = [Quota(f"region {name}", "region", name, 4, 12) for name in REGIONS[:5]]
    found += [Quota(f"{name} high", "language", name, 2, 4, high) for name in LANGUAGES[:5]]
    found += [Quota(f"form {name}", "form", name, 10, 16) for name in FORMS]
    return Problem(tuple(slots), entries, {"o": rows}, CAPS, tuple(found), ELIGIBLE)


def decided() -> Problem:
    """The mixed shape after a chair has given six places, left two vacant and taken thirty films out."""
    problem = mixed()
    draw = Random(19)
    pins = [Pin(f"s{number}", 1, f"f{draw.randrange(600):05}") for number in range(2, 8)]
    pins += [Pin("s8", 20), Pin("s7", 10)]
    held = {pin.film for pin in pins}
    names = [f"f{number:05}" for number in draw.sample(range(300), 30)]
    return replace(problem, pins=tuple(pins), excluded={n: "withdrawn" for n in names if n not in held})


def clash_of_two() -> Problem:
    """A minimum of films over slots that a maximum of them holds back."""
    problem = quotas()
    return replace(problem, quotas=(*problem.quotas, Quota("no oceania", "region", "oceania", 0, 5)))


def clash_of_three() -> Problem:
    """Two slots of one place for one film."""
    problem = single()
    entries = [
        replace(entry, attributes={**entry.attributes, "only": number == 3})
        for number, entry in enumerate(problem.entries)
    ]
    slots = [
        replace(slot, require=only("only", True)) if slot.slug in ("best3", "best30") else slot
        for slot in problem.slots
    ]
    return replace(problem, entries=tuple(entries), slots=tuple(slots))


def clash_of_four() -> Problem:
    """A team's limit, and three minimums that films of two teams alone can serve."""
    problem = late()
    entries = []
    for number, entry in enumerate(problem.entries):
        both = entry.attributes["rare"] in ("r4", "r5", "r6")
        groups = {**entry.groups, "team": (f"both{number % 2}",)} if both else entry.groups
        entries.append(replace(entry, groups=groups))
    found = tuple(Quota(f"rare {kind}", "rare", f"r{kind}", 2) for kind in (4, 5, 6))
    return replace(problem, entries=tuple(entries), quotas=(*problem.quotas[:4], *found))


def clash_of_eight() -> Problem:
    """Maximums of all regions within two tiers, which together leave fewer films than these have places."""
    problem = mixed()
    high = ("s1", "s2")
    most = {"asia": 2, "cn": 2, "europe": 1, "americas": 1, "africa": 1, "oceania": 0}
    found = [Quota(f"form {form} high", "form", form, 2, None, high) for form in FORMS]
    found += [Quota(f"{name} high", "region", name, 0, number, high) for name, number in most.items()]
    return replace(problem, quotas=(*problem.quotas, *found))


SHAPES: dict[str, Callable[[], Problem]] = {
    one.__name__: one
    for one in (
        *(owners, quotas, sponsors, late, combining, ex_aequo, single, mixed, vacancies, decided),
        *(clash_of_two, clash_of_three, clash_of_four, clash_of_eight),
    )
}


def _run(shape: str) -> None:
    problem = SHAPES[shape]()
    start = time.process_time()
    result = fill(problem)
    cpu = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    given = sum(bool(place.film) for place in result.places)
    over = sum(map(len, result.passed.values()))
    said = f"{given:>3} awards {over:>6} passed over {result.proved.get('solver', 0):>5} by solver"
    if result.clash:
        said = f"{len(result.clash)} rules clash".ljust(43)
    print(f"{shape:<15} {said} {cpu:>7.2f} s CPU {peak:>5.0f} MiB", flush=True)


def main() -> None:
    """Run the shapes asked for, all by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.laurels_hard")
    parser.add_argument("shapes", nargs="*", metavar="SHAPE", help=", ".join(SHAPES))
    asked = parser.parse_args()
    for shape in asked.shapes or SHAPES:
        if shape not in SHAPES:
            parser.error(f"there is no shape {shape!r}")
        child = multiprocessing.get_context("spawn").Process(target=_run, args=(shape,))
        child.start()
        child.join()


if __name__ == "__main__":
    main()
