"""Every direct dependency is pinned and has its line in docs/decisions.md."""

import re

import pytest

from tools.site import ROOT

DECISIONS = (ROOT / "docs/decisions.md").read_text()


def lines(name: str) -> list[str]:
    """The requirements of a file, without comments and inclusions."""
    text = (ROOT / name).read_text()
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith(("#", "-r"))]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_everything_is_pinned(name: str) -> None:
    assert [line for line in lines(name) if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line)] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_direct_dependency_has_its_reason(name: str) -> None:
    direct = (ROOT / name).read_text().split("# Needed by the packages above.")[0]
    packages = re.findall(r"^([a-z0-9-]+)==", direct, re.MULTILINE)
    chosen = " ".join(re.findall(r"^\| ([^|]+) \|", DECISIONS, re.MULTILINE))
    assert [package for package in packages if package not in re.split(r"[ ,]+", chosen)] == []
