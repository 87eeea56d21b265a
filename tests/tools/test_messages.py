"""Collecting, filling and checking translations."""

import gettext
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tools import messages
from tools.site import ROOT

CODE = """
from django.utils.translation import gettext as _, gettext_lazy as later, ngettext, pgettext

TITLE = later("Title")
FILM = pgettext("a work", "Film")

def words(count, code, table):
    _(table[code])
    return ngettext("%(count)d film", "%(count)d films", count), _("one " "two"), other.strip("no")
"""
PAGE = """
{% load i18n %}<h1>{% translate "Title" %} 'unbalanced "quotes</h1>
  <a title="{% translate "Film" context "a screening" %}">{{ x|default:_("none yet") }}</a>
{% blocktranslate trimmed count n=films|length with name=x %}
  {{ name }} has <a href="/">{{ n }} film</a>, 100%
{% plural %}
  {{ name }} has <a href="/">{{ n }} films</a>, 100%
{% endblocktranslate %}
"""
PLURAL = (
    '%(name)s has <a href="/">%(n)s film</a>, 100%%',
    '%(name)s has <a href="/">%(n)s films</a>, 100%%',
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "festival").mkdir()
    (tmp_path / "festival/words.py").write_text(CODE)
    (tmp_path / "templates/public").mkdir(parents=True)
    (tmp_path / "templates/public/page.html").write_text(PAGE)
    return tmp_path


COMPLETE = {
    "Title": "片名",
    "%(count)d film": ["%(count)d 部影片"],
    "one two": "一二",
    "none yet": "暂无",
    PLURAL[0]: ['%(name)s 有 <a href="/">%(n)s 部影片</a>,100%%'],
    "a work": {"Film": "影片"},
    "a screening": {"Film": "放映"},
}


def test_texts_of_code_and_templates_are_collected(tree: Path) -> None:
    found = {key: (text.plural, sorted(text.places)) for key, text in messages.collect(tree).items()}
    assert found == {
        ("", "Title"): ("", ["festival/words.py", "templates/public/page.html"]),
        ("a work", "Film"): ("", ["festival/words.py"]),
        ("", "%(count)d film"): ("%(count)d films", ["festival/words.py"]),
        ("", "one two"): ("", ["festival/words.py"]),
        ("a screening", "Film"): ("", ["templates/public/page.html"]),
        ("", "none yet"): ("", ["templates/public/page.html"]),
        ("", PLURAL[0]): (PLURAL[1], ["templates/public/page.html"]),
    }


def test_a_text_put_together_on_the_spot_is_refused(tree: Path) -> None:
    (tree / "festival/bad.py").write_text(
        'from django.utils.translation import gettext as _\n\n\ndef f(x):\n    return _(f"{x} films")\n'
    )
    with pytest.raises(
        messages.BadText, match=r"^festival/bad\.py:5: a text to translate must be written out"
    ):
        messages.collect(tree)


def test_filling_makes_the_catalogue_complete_and_the_bytes_stay(tree: Path) -> None:
    assert len(messages.update(tree)) == 7
    taken, refused = messages.fill(COMPLETE, tree)
    assert (taken, refused) == (7, [])
    assert messages.faults(tree) == []
    before = messages.po_path(tree).read_bytes()
    assert messages.update(tree) == []
    assert messages.po_path(tree).read_bytes() == before


def test_the_compiled_catalogue_speaks_chinese(tree: Path) -> None:
    messages.update(tree)
    messages.fill(COMPLETE, tree)
    compiled = messages.compile_catalogues(tree)
    assert compiled
    with compiled.open("rb") as file:
        chinese = gettext.GNUTranslations(file)
    assert chinese.gettext("Title") == "片名"
    assert chinese.ngettext("%(count)d film", "%(count)d films", 1) == "%(count)d 部影片"
    assert chinese.ngettext("%(count)d film", "%(count)d films", 5) == "%(count)d 部影片"
    assert chinese.pgettext("a screening", "Film") == "放映"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (
            {"%(count)d film": ["%(cuont)d 部影片"]},
            "placeholders: the translation lacks %(count)d and has %(cuont)d",
        ),
        ({PLURAL[0]: ["%(name)s 有 %(n)s 部影片,100%%"]}, 'tags: the translation lacks </a> <a href="/">'),
        ({"Titel": "片名"}, "no such text in the sources"),
        ({"Title": ""}, "the translation must be a text"),
        ({"Title": "片名 "}, "white space"),
    ],
)
def test_a_wrong_translation_is_refused_and_the_others_taken(tree: Path, given: dict, reason: str) -> None:
    taken, refused = messages.fill({**given, "none yet": "暂无"}, tree)
    assert taken == 1
    assert len(refused) == 1
    assert reason in refused[0]


def test_what_is_no_longer_used_is_kept_until_pruned(tree: Path) -> None:
    messages.update(tree)
    messages.fill(COMPLETE, tree)
    page = tree / "templates/public/page.html"
    page.write_text("")
    messages.update(tree)
    assert [fault for fault in messages.faults(tree) if fault.startswith("no longer used")] == [
        f"no longer used: {messages.shown('', PLURAL[0])} (./dev messages --prune)",
        'no longer used: "none yet" (./dev messages --prune)',
        'no longer used: "Film" [a screening] (./dev messages --prune)',
    ]
    page.write_text(PAGE)
    assert messages.update(tree) == []
    assert messages.faults(tree) == []
    page.write_text("")
    messages.update(tree, prune=True)
    assert messages.faults(tree) == []


def test_an_english_text_without_chinese_fails_the_check(tree: Path) -> None:
    messages.update(tree)
    messages.fill({key: value for key, value in COMPLETE.items() if key != "none yet"}, tree)
    assert messages.faults(tree) == ['not translated: "none yet" (templates/public/page.html)']


def test_people_who_fill_at_the_same_time_lose_nothing(tree: Path) -> None:
    messages.update(tree)
    script = (
        "import json, sys; from pathlib import Path; from tools import messages;"
        "print(messages.fill(json.loads(sys.argv[1]), Path(sys.argv[2])))"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, json.dumps({key: value}), str(tree)], cwd=ROOT, stdout=-1
        )
        for key, value in COMPLETE.items()
    ]
    for process in running:
        process.communicate(timeout=60)
    assert messages.faults(tree) == []
