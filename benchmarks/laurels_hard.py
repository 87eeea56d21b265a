"""Hard problems of awards: 55 places over 10,000 films with rules that interact, and rules that clash."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from judging.logic.awarding.problem import Cap, Condition, Entry, Problem, Quota, Ranked, Slot

FILMS, PLACES = 10_000, 55
TIERS = (1, 3, 5, 2, 2, 4, 8, 10, 20)
REGIONS = ("cn", "asia", "europe", "americas", "africa", "oceania")
LANGUAGES = ("zh", "en", "es", "fr", "ja", "hi", "sw", "pt")
FORMS = ("drama", "animation", "documentary", "music")
TRACKS = ("open", "student", "brand", "short", "series")


def films(
    draw: Random, *, owners: int = 3_000, top: tuple[int, int] = (0, 0), ties: int = 1
) -> tuple[tuple[Entry, ...], tuple[Ranked, ...]]:
    """Films with a standing. `top`: of the first so many, so many teams own nine in ten. `ties`: films of one rank."""
    first, few = top
    entries, rows = [], []
    for number in range(FILMS):
        team = f"big{draw.randrange(few)}" if number < first and draw.random() < 0.9 else f"t{draw.randrange(owners)}"
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


def tiers(*, by: str = "o") -> tuple[Slot, ...]:
    """Nine tiers of 55 places."""
    return tuple(Slot(f"s{tier}", places, order=by) for tier, places in enumerate(TIERS))


ELIGIBLE = (Condition("cleared", "is", True),)
CAPS = (Cap("team", "team", 2), Cap("entrant", "entrant", 1))


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
        marked.append(replace(entry, attributes={**entry.attributes, "tool": f"tool{pool}", "tool_share": 50 + number % 50}))
    sponsored = tuple(
        Slot(f"tool{pool}", 2, order="o", require=(Condition("tool", "is", f"tool{pool}"), Condition("tool_share", "at_least", 70)))
        for pool in range(14)
    )  # fmt: skip
    slots = (Slot("grand", 1, order="o"), Slot("first", 6, order="o"), Slot("second", 20, order="o"), *sponsored)
    return Problem(slots, tuple(marked), {"o": rows}, (Cap("team", "team", 2), *CAPS[1:]), (), ELIGIBLE)


def late() -> Problem:
    """Minimums that films behind rank 9,000 alone can serve, several of the same team."""
    draw = Random(14)
    entries, rows = films(draw, top=(5_000, 12))
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
    slots = tuple(
        Slot(f"best {form}", 2, order="o", require=(Condition("form", "is", form),), combines=("s0", "s1", "audience"))
        for form in FORMS
    )  # fmt: skip
    slots = (*tiers()[:7], Slot("audience", 6, order="v", combines=("s0", "s1", "s2")), *slots)
    slots += tuple(Slot(f"of {name}", 2, order="o", require=(Condition("region", "is", name),), combines=("s2", "s5"))
                   for name in REGIONS) + (Slot("student", 4, order="o", tracks=("student",), combines=("of cn",)),)  # fmt: skip
    votes = tuple(Ranked(row.film, FILMS + 1 - row.rank) for row in rows[:400])
    caps = (Cap("film", "film", 2), Cap("team", "team", 3), Cap("team high", "team", 1, ("s0", "s1")), CAPS[1])
    found = (Quota("hindi", "language", "hi", 6), Quota("zh", "language", "zh", 0, 20))
    return Problem(slots, entries, {"o": rows, "v": votes}, caps, found, ELIGIBLE)


def ex_aequo() -> Problem:
    """Twelve films of each rank, in slots that share, under limits that let few of them."""
    entries, rows = films(Random(16), top=(2_000, 15), ties=12)
    slots = tuple(replace(slot, shared=True) for slot in tiers())
    found = (Quota("cn", "region", "cn", 20, 28), Quota("africa", "region", "africa", 5), Quota("sw", "language", "sw", 4, 6))
    return Problem(slots, entries, {"o": rows}, CAPS, found, ELIGIBLE)


def single() -> Problem:
    """55 slots of one place: 20 for all, then 35 whose few films are those at the head of the standing."""
    draw = Random(17)
    entries, rows = films(draw, top=(3_000, 25))
    pools: dict[int, set[int]] = {number: set() for number in range(300)}
    for pool in range(35):
        for number in draw.sample(range(90), 3):
            pools[number].add(pool)
    marked = tuple(
        replace(entry, attributes={**entry.attributes, **{f"pool{pool}": True for pool in sorted(pools.get(number, ()))}})
        for number, entry in enumerate(entries)
    )  # fmt: skip
    slots = tuple(Slot(f"all{number}", 1, order="o") for number in range(20))
    slots += tuple(Slot(f"best{pool}", 1, order="o", require=(Condition(f"pool{pool}", "is", True),)) for pool in range(35))
    return Problem(slots, marked, {"o": rows}, (Cap("team", "team", 3), CAPS[1]), (), ELIGIBLE)


def mixed() -> Problem:
    """A little of everything: sponsors, quotas, high limits, slots that combine and share, rare films."""
    problem = late()
    regions = tuple(Quota(f"region {name}", "region", name, least, 22) for name, least in zip(REGIONS, (8, 7, 6, 5, 5, 2), strict=True))
    forms = tuple(Quota(f"form {form}", "form", form, 9, 18) for form in FORMS)
    slots = list(problem.slots)
    slots[3] = replace(slots[3], require=(Condition("share_a", "at_least", 70),), combines=("s8",))
    slots[4] = replace(slots[4], require=(Condition("share_b", "at_least", 70), Condition("region", "one_of", ("asia", "africa"))))
    slots[5] = replace(slots[5], tracks=("student",), shared=True)
    slots[6] = replace(slots[6], tracks=("student", "brand", "short"))
    return replace(problem, slots=tuple(slots), quotas=(*problem.quotas[:4], *regions, *forms),
                   caps=(*problem.caps, Cap("team high", "team", 1, ("s0", "s1", "s2", "s3"))))  # fmt: skip


def clash2() -> Problem:
    """Two: a minimum of films that are not there, over slots that a maximum of them holds back."""
    problem = quotas()
    return replace(problem, quotas=(*problem.quotas, Quota("no oceania", "region", "oceania", 0, 5)))


def clash3() -> Problem:
    """Three: two slots of one place for one film."""
    problem = single()
    only = (Condition("pool0", "is", True), Condition("pool1", "is", True))
    first = [entry.film for entry in problem.entries][3]
    entries = tuple(
        replace(entry, attributes={**entry.attributes, "only": entry.film == first}) for entry in problem.entries
    )
    slots = tuple(replace(slot, require=(Condition("only", "is", True),)) if slot.slug in ("best3", "best30") else slot
                  for slot in problem.slots)  # fmt: skip
    assert only
    return replace(problem, entries=entries, slots=slots)


def clash4() -> Problem:
    """Four: a team's limit, and three minimums that films of two teams alone can serve."""
    problem = late()
    entries = tuple(
        replace(entry, groups={**entry.groups, "team": (f"both{number % 2}",)}) if entry.attributes["rare"] in ("r4", "r5", "r6") else entry
        for number, entry in enumerate(problem.entries)
    )  # fmt: skip
    found = tuple(Quota(f"rare {kind}", "rare", f"r{kind}", 2) for kind in (4, 5, 6))
    return replace(problem, entries=entries, quotas=(*problem.quotas[:4], *found))


def clash5() -> Problem:
    """Five: minimums of four forms within a tier, more together than it has places, which must be of other films."""
    problem = mixed()
    found = tuple(Quota(f"form {form} high", "form", form, 2, None, ("s1", "s2")) for form in FORMS)
    return replace(problem, quotas=(*problem.quotas, *found, Quota("asia high", "region", "asia", 0, 2, ("s1", "s2")), Quota("cn high", "region", "cn", 0, 2, ("s1", "s2")), Quota("europe high", "region", "europe", 0, 1, ("s1", "s2")), Quota("americas high", "region", "americas", 0, 1, ("s1", "s2")), Quota("africa high", "region", "africa", 0, 1, ("s1", "s2")), Quota("oceania high", "region", "oceania", 0, 0, ("s1", "s2"))))  # fmt: skip


SHAPES: dict[str, Callable[[], Problem]] = {
    one.__name__: one
    for one in (owners, quotas, sponsors, late, combining, ex_aequo, single, mixed, clash2, clash3, clash4, clash5)
}  # fmt: skip
