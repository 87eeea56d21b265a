"""docs/style.md, the stylesheets and the page frame speak of the same things."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
CSS = "\n".join(sheet.read_text() for sheet in SHEETS)


def test_every_class_in_the_guide_is_styled() -> None:
    snippets = re.findall(r"```html\n(.*?)```", (ROOT / "docs" / "style.md").read_text(), re.S)
    used = {
        name for text in snippets for names in re.findall(r'class="([^"]*)"', text) for name in names.split()
    }
    styled = set(re.findall(r"\.([a-z][\w-]*)", CSS))
    assert len(used) > 100
    assert used - styled == {"screenings"}  # a list whose class only takes the bullets away


def test_every_sheet_is_loaded_once() -> None:
    loaded = re.findall(r"css/([\w-]+\.css)", (ROOT / "templates" / "_styles.html").read_text())
    assert sorted(loaded) == [sheet.name for sheet in SHEETS]


def test_every_token_used_is_defined() -> None:
    defined = set(re.findall(r"(--[\w-]+):", CSS))
    assert set(re.findall(r"var\((--[\w-]+)", CSS)) - defined == set()


def test_colours_are_written_in_the_tokens_alone() -> None:
    """Except the dark room's own black, its white text, and the print sheet."""
    found = {
        sheet.name: sorted(set(re.findall(r"#[0-9a-f]{3,6}\b", sheet.read_text())))
        for sheet in SHEETS
        if sheet.name not in ("tokens.css", "print.css")
    }
    allowed = {"#000", "#f2eae0", "#0b0a09", "#4a413a", "#d9cdbf", "#b7ab9e", "#0f0d10", "#fff"}
    assert {
        name: sorted(set(colours) - allowed) for name, colours in found.items() if set(colours) - allowed
    } == {}


def test_every_style_sheet_closes_what_it_opens() -> None:
    """They are put into one file: a brace left open would swallow all that follow."""
    for sheet in sorted(Path("static/css").glob("*.css")):
        rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)
        assert (sheet.name, rules.count("{")) == (sheet.name, rules.count("}"))
