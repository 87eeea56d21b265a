"""Every module can be the first one imported: which comes first depends on a hash, so a cycle breaks some starts.

Where modules import each other in a circle, it depends on who is first; all others can be imported in any order. So the
circles are read from the sources, and each of their members is imported first, in a process of its own.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOUSES = ("festival", "submissions", "judging", "personal")

# Runs in a process of its own: modules are imported in forks, each from the state after django.setup().
TRY_EACH = """
import importlib, os, sys, traceback
import django
django.setup()
for name in sys.argv[1:]:
    if (child := os.fork()) == 0:
        try:
            importlib.import_module(name)
        except BaseException:
            print(name, traceback.format_exc(limit=-3), flush=True)
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:  # one that a signal ended says nothing itself
        print(name, "cannot be imported first", flush=True)
"""


def sources() -> dict[str, Path]:
    """The file of each module, by its name."""
    found = {}
    for house in HOUSES:
        for path in (ROOT / house).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts and parts[-1] != "__main__":
                found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def at_import(body: Iterable[ast.AST]) -> Iterator[ast.Import | ast.ImportFrom]:
    """What is imported while a module is: not inside of functions, and not for the type checker alone."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from at_import(node.orelse)
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        yield from at_import(ast.iter_child_nodes(node))


def with_parents(name: str) -> Iterator[str]:
    """a.b.c is imported after a and a.b."""
    parts = name.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts) + 1))


def graph_of(texts: Mapping[str, str]) -> dict[str, set[str]]:
    """By module those of `texts` (sources by name) that are imported with it."""
    graph = {}
    for name, text in texts.items():
        wanted = {name}
        for node in at_import(ast.parse(text).body):
            if isinstance(node, ast.Import):
                wanted |= {one.name for one in node.names}
            else:
                source = (
                    ".".join((*name.split(".")[: -node.level], node.module or ""))
                    if node.level
                    else node.module
                )
                wanted |= {f"{source}.{one.name}" for one in node.names}
        graph[name] = {one for each in wanted for one in with_parents(each) if one in texts} - {name}
    return graph


def in_circles(graph: Mapping[str, set[str]]) -> set[str]:
    """The modules that import each other in circles, and those on a way from one circle to another."""
    left = dict(graph)
    while left:
        imported = set().union(*left.values())
        gone = {name for name, wanted in left.items() if not wanted or name not in imported}
        if not gone:
            break
        left = {name: wanted - gone for name, wanted in left.items() if name not in gone}
    return set(left)


def tried(names: Iterable[str], folder: Path = ROOT) -> str:
    """What goes wrong where each of these modules is imported first; empty where nothing does."""
    asked = subprocess.run(
        [sys.executable, "-c", TRY_EACH, *sorted(names)],
        cwd=folder,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "festival.settings", "PYTHONPATH": f"{folder}:{ROOT}"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert asked.returncode == 0, asked.stderr
    return asked.stdout


def test_every_module_can_be_imported_first() -> None:
    texts = {name: path.read_text() for name, path in sources().items()}
    assert len(texts) > 800
    graph = graph_of(texts)
    assert "judging.queries" in graph["judging.views.rounds"]  # the graph is read from the sources
    assert tried(in_circles(graph)) == ""


def test_a_circle_is_found_and_tried(tmp_path: Path) -> None:
    texts = {
        "one": "import two\na = 1\n",
        "two": "import one\nb = one.a\n",
        "three": "import two\n",
        "four": "def later():\n    import four_too\n",
        "four_too": "import four\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
    assert in_circles(graph_of(texts)) == {"one", "two"}
    wrong = tried({"one", "two"}, tmp_path)
    assert "one Traceback" in wrong and "two Traceback" not in wrong
