"""The benchmark of all pages runs, and what it measures is what it says."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINE = re.compile(r"^\| (\S+)(?: \*)? \| ([\d.]+) \| ([\d.]+) \| (\d+) \| (\d+) \|", re.M)


def test_the_benchmark_of_pages_builds_two_editions_and_asks_both() -> None:
    line = [sys.executable, "-m", "benchmarks.pages", "--entries", "10", "20", "--rounds", "1"]
    ran = subprocess.run(
        [*line, "--only", "judging:round_"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    pages = {
        name: (float(first), int(few), int(many)) for name, first, _ms, few, many in LINE.findall(ran.stdout)
    }
    assert {"judging:round_line", "judging:round_watching", "judging:round_panel"} <= pages.keys()
    assert all(ms > 0 and few == many for ms, few, many in pages.values())
