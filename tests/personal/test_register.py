"""The register that operators hand out is the table of decisions."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from personal import register
from personal.table import HOLDINGS
from tools.site import ROOT

DOC = (ROOT / "docs/privacy.md").read_text()


@pytest.mark.parametrize(("mark", "made"), [("register", register.markdown), ("reasons", register.reasons)])
def test_the_tables_in_the_docs_are_those_of_the_code(mark: str, made: object) -> None:
    """To write them anew: manage.py personal_register."""
    found = re.search(rf"<!-- {mark} -->\n(.*?)\n<!-- /{mark} -->", DOC, re.S)
    with translation.override("en"):
        assert found and found[1] == made()  # type: ignore[operator]


def test_every_table_has_its_line_in_both_languages() -> None:
    for language in ("en", "zh-hans"):
        out = StringIO()
        call_command("personal_register", language=language, stdout=out)
        rows = [line for line in out.getvalue().splitlines() if line.startswith("| ")]
        assert len(rows) == len(HOLDINGS) + 1 + len(register.STAYS) + 1
        assert all(line.count("|") in (4, 5) for line in rows)
    assert "已结束的作品" in out.getvalue()
