"""All entrants at once, in a process of their own, so that what they cost is not counted for the server.

    python -m benchmarks.storm.crowd FOLDER

Reads plan.json and accounts.json there, writes ledger.jsonl, and at last crowd.json.
"""

import asyncio
import gc
import json
import resource
import sys
import time
from pathlib import Path

from benchmarks.storm.entrant import Entrant
from benchmarks.storm.ledger import Ledger
from benchmarks.storm.plan import Plan


async def run(folder: Path) -> None:
    plan = Plan.read(folder / "plan.json")
    accounts = json.loads((folder / "accounts.json").read_text())
    with open(folder / "ledger.jsonl", "a") as file:
        ledger = Ledger(file)
        crowd = [
            Entrant(person, account["entry"], account["session"], plan, ledger)
            for person, account in zip(plan.people, accounts, strict=True)
        ]
        await asyncio.gather(*(entrant.act() for entrant in crowd))
        over = time.time()
        await asyncio.gather(*(entrant.act_later() for entrant in crowd if entrant.person.way == "later"))
    used = resource.getrusage(resource.RUSAGE_SELF)
    said = {"cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss * 1024, "over": over}
    (folder / "crowd.json").write_text(json.dumps(said))


if __name__ == "__main__":
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    gc.freeze()
    asyncio.run(run(Path(sys.argv[1])))
