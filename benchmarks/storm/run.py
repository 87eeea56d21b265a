"""One storm from beginning to end on one set-up."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.storm import figures, ledger
from benchmarks.storm.figures import Cost, Storm
from benchmarks.storm.killer import Killer
from benchmarks.storm.places import Place
from benchmarks.storm.plan import Plan, make_people
from submissions.inspection.synthetic import make_film
from tools.process import Failed, Process, run
from tools.site import PYTHON, ROOT

FILMS = 4
SETTLED = """
SELECT (SELECT COUNT(*) FROM submissions_inspection WHERE state IN ('queued', 'running')),
       (SELECT COUNT(*) FROM post_notice WHERE state IN ('waiting', 'sending')),
       (SELECT COUNT(*) FROM submissions_inspection), (SELECT COUNT(*) FROM submissions_asset),
       (SELECT COALESCE(SUM(attempts), 0) FROM submissions_inspection)
"""


@dataclass(frozen=True, slots=True)
class Weather:
    """How the storm is: `kill_every` seconds on average, or at these shares of the parts acknowledged."""

    uploads: int
    seed: int
    kill_every: float = 0.0
    kill_at: tuple[float, ...] = ()
    victims: tuple[str, ...] = ()  # in this order; all there are when none is named
    minutes: float = 15.0
    seconds_each: float = 0.24  # until the deadline, for each entrant
    least: float = 15.0
    largest: int = 64_000_000
    longest_wait: float = 30.0
    line_speed: float = 0.0  # bytes a second of one connection; 0: as fast as it goes
    stuck: float = 240.0  # seconds without any progress after which nobody is waited for


def storm(place: Place, weather: Weather, say: Callable[[str], None]) -> Storm:
    """Start the site, let the storm come, wait until it has settled, judge. Nothing of it is left running."""
    folder = place.folder
    films = make_films(folder / "films")
    plan = Plan(
        seed=weather.seed,
        people=make_people(weather.uploads, weather.seed, len(films), largest=weather.largest),
        heads=[str(film) for film in films],
        deadline=max(weather.least, weather.uploads * weather.seconds_each),
        longest_wait=weather.longest_wait,
        line_speed=weather.line_speed,
        patience=weather.minutes * 60,
        address=("127.0.0.1", place.site.port),
        part_bytes=place.part_bytes,
    )
    plan.write(folder / "plan.json")
    say(f"Starting {place.name}: {place.said}")
    with place:
        module(place, "stage")
        plan = replace(plan, began=time.time() + 3)
        set_deadline(place, plan.due)
        plan.write(folder / "plan.json")
        say(f"{weather.uploads} entrants come; the deadline is in {plan.deadline:.0f} s")
        killer = Killer(place, weather.seed, when(weather, plan, folder / "ledger.jsonl"), weather.victims)
        killer.start()
        try:
            crowd = Process("crowd", command("crowd", folder), log=folder / "crowd.log", cwd=ROOT).start(
                quiet=True
            )
            with crowd:
                wait(crowd, folder, plan, say)
        finally:
            killer.stop()
        say(
            f"The storm is over after {time.time() - plan.began:.0f} s and {len(killer.kills)} kills; it settles"
        )
        settle(place, weather.stuck, say)
        say(f"Settled after {time.time() - plan.began:.0f} s; now it is judged")
        module(place, "verdict")
    said = json.loads((folder / "crowd.json").read_text())
    verdict = json.loads((folder / "verdict.json").read_text())
    roles = {service.role for service in place.keeper.services}
    cost = Cost({role: place.keeper.cpu(role) for role in roles}, place.keeper.memory, said["cpu"])
    lines = list(ledger.read(folder / "ledger.jsonl"))
    return Storm(
        plan, lines, killer.kills, cost, verdict["figures"] | {"broken": verdict["broken"]}, said["over"],
        figures.raised(place.site.logs / "web.log"),
    )  # fmt: skip


def make_films(folder: Path) -> list[Path]:
    """A few short films; each entrant's is one of them and bytes of their own in a box that players skip."""
    folder.mkdir(parents=True, exist_ok=True)
    films = [folder / f"{number}.mp4" for number in range(FILMS)]
    for number, film in enumerate(films):
        make_film(film, seconds=2, width=320, height=180, seed=number + 1)
    return films


def command(name: str, folder: Path) -> list[str]:
    return [PYTHON, "-m", f"benchmarks.storm.{name}", str(folder)]


def module(place: Place, name: str) -> None:
    """Run one of our programs inside the site's own surroundings."""
    environment = {**place.site.environment(), "DJANGO_SETTINGS_MODULE": "festival.settings"}
    place.keeper.call(lambda: run(command(name, place.folder), env=environment, cwd=ROOT))


def set_deadline(place: Place, due: float) -> None:
    moment = datetime.fromtimestamp(due, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    zone = "" if place.name == "embedded" else "+00"
    place.ask(f"UPDATE edition_phase SET ends_at = '{moment}{zone}'")  # noqa: S608  (our own words)


def when(weather: Weather, plan: Plan, path: Path) -> Callable[[int], bool]:
    """Whether the next kill is due, when so many have been."""
    if weather.kill_at:
        parts = sum(
            -(-plan.film(person).size // plan.part_bytes) for person in plan.people if person.comes_through
        )
        return lambda done: (
            done < len(weather.kill_at) and acknowledged(path) >= weather.kill_at[done] * parts
        )
    if not weather.kill_every:
        return lambda done: False
    return lambda done: time.time() >= plan.began + weather.kill_every * (done + 1)


def acknowledged(path: Path) -> int:
    """Parts so far."""
    return sum(line.what == "part" and line.good for line in ledger.read(path)) if path.exists() else 0


def wait(crowd: Process, folder: Path, plan: Plan, say: Callable[[str], None]) -> None:
    """Until everybody has gone; bounded by the crowd's own patience."""
    end, told = plan.began + plan.patience + 180, time.time()
    while crowd.alive:
        if time.time() > end:
            raise Failed(crowd.describe("did not come to an end"))
        if time.time() - told > 15:
            told = time.time()
            say(f"  {told - plan.began:.0f} s: {acknowledged(folder / 'ledger.jsonl')} parts acknowledged")
        time.sleep(0.1)
    if crowd.exit_code:
        raise Failed(crowd.describe("failed"))


def settle(place: Place, stuck: float, say: Callable[[str], None]) -> None:
    """Until no film and no letter waits, or nothing has moved for `stuck` seconds: the verdict then says what waits."""
    last, since, told = (), time.time(), time.time()
    while time.time() - since < stuck:
        now = place.ask(SETTLED)[0]
        if now[:2] == (0, 0) and place.is_whole():
            return
        if now != last:
            last, since = now, time.time()
        if time.time() - told > 15:
            told = time.time()
            say(f"  {now[0]} of {now[2]} inspections and {now[1]} letters to go")
        time.sleep(0.5)
    say(f"Nothing has moved for {stuck:.0f} s")


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
