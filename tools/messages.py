"""`./dev messages`: the site's texts and their Simplified Chinese, without the system's gettext tools.

English is written in the code and the templates and is the key (msgid); locale/zh_Hans/LC_MESSAGES/django.po
holds the translations, sorted, without line numbers, so that two people's changes rarely touch. The compiled
.mo is made by ./dev and by the tests, and is not committed.
"""

import argparse
import ast
import fcntl
import hashlib
import io
import json
import os
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tools.process import Failed, say

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("festival", "submissions", "judging", "personal", "templates")
LANGUAGE = "zh_Hans"
HEADER = """\
# Simplified Chinese for Firstlight. Made and kept by ./dev messages.
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""

# What each function's arguments are: c context, s the text (or singular), p plural.
CALLS = {
    "_": "s",
    "gettext": "s",
    "gettext_lazy": "s",
    "gettext_noop": "s",
    "ngettext": "sp",
    "ngettext_lazy": "sp",
    "pgettext": "cs",
    "pgettext_lazy": "cs",
    "npgettext": "csp",
    "npgettext_lazy": "csp",
}
PLACEHOLDER = re.compile(
    r"%\([^)]*\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|%[sdfr%]|\{[a-zA-Z_0-9.]*(?:![rsa])?(?::[^{}]*)?\}"
)
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")

Key = tuple[str, str]  # context ("" for none), English text


class BadText(Exception):
    """A text in the sources that cannot be collected; says where and why."""


@dataclass
class Text:
    """One text to translate: its English (and plural), where it stands, and its translation."""

    context: str
    english: str
    plural: str = ""
    places: set[str] = field(default_factory=set)
    chinese: str = ""

    @property
    def key(self) -> Key:
        return self.context, self.english

    @property
    def source(self) -> str:
        """The English that the translation is measured against: Chinese has one form for every number."""
        return self.plural or self.english


# --- Collecting ---------------------------------------------------------------------------------------------


def collect(root: Path = ROOT) -> dict[Key, Text]:
    """Every text marked in the sources. Raises BadText for a mark that cannot be read."""
    texts: dict[Key, Text] = {}
    for top in SOURCES:
        for path in sorted((root / top).rglob("*")):
            place = path.relative_to(root).as_posix()
            if path.suffix == ".py" and "migrations" not in path.parts:
                found = in_python(path.read_text(encoding="utf-8"), place)
            elif path.suffix in (".html", ".txt") and "templates" in path.parts:
                found = in_template(path.read_text(encoding="utf-8"), place)
            else:
                continue
            for text in found:
                known = texts.setdefault(text.key, text)
                if text.plural and known.plural and known.plural != text.plural:
                    raise BadText(
                        f"{place}: “{text.english}” has two plurals: “{known.plural}” and “{text.plural}”"
                    )
                known.plural = known.plural or text.plural
                known.places.add(place)
    return texts


def in_python(source: str, place: str) -> Iterator[Text]:
    """The texts of a Python file: constant arguments of gettext's functions, by any usual name."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise BadText(f"{place}:{error.lineno}: this is no Python ({error.msg})") from error
    names = {name: shape for name, shape in CALLS.items() if name != "_"}
    for node in ast.walk(tree):  # `_` counts where it is gettext, not where it is a throw-away name
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {one.asname: CALLS[one.name] for one in node.names if one.asname and one.name in CALLS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in names:
                yield from in_call(node, names[name], place)


def in_call(node: ast.Call, shape: str, place: str) -> Iterator[Text]:
    """The text of one call. A name or a look-up is left alone (the text is marked where it is written);
    a text put together on the spot could never be found in the catalogue and is refused."""
    words = {}
    for letter, argument in zip(shape, node.args, strict=False):
        if isinstance(argument, ast.JoinedStr | ast.BinOp | ast.Call):
            raise BadText(
                f"{place}:{node.lineno}: a text to translate must be written out; fill placeholders in after"
            )
        if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
            return
        words[letter] = argument.value
    if words.get("s"):
        yield Text(words.get("c", ""), words["s"], words.get("p", ""), {place})


def in_template(source: str, place: str) -> Iterator[Text]:
    """The texts of a template: Django turns its tags into gettext calls, which are read from the result."""
    from django.utils.translation.template import templatize

    try:
        calls = templatize(source, origin=place)
    except SyntaxError as error:
        raise BadText(str(error)) from error
    end = 0
    for match in re.finditer(r"(?<![\w.])(_|gettext|ngettext|pgettext|npgettext)\(", calls):
        if match.start() >= end:
            end = match.start() + len(call := one_call(calls[match.start() :], place))
            node = ast.parse(call, mode="eval").body
            assert isinstance(node, ast.Call)
            yield from in_call(node, CALLS[match[1]], place)


def one_call(source: str, place: str) -> str:
    """The call that `source` begins with, to its closing bracket; what follows may be anything."""
    lines, depth = source.splitlines(keepends=True), 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            depth += (token.string == "(") - (token.string == ")") if token.type == tokenize.OP else 0
            if token.type == tokenize.OP and token.string == ")" and depth == 0:
                row, column = token.end
                return "".join(lines[: row - 1]) + lines[row - 1][:column]
    except (tokenize.TokenError, SyntaxError):
        pass
    raise BadText(f"{place}: this text cannot be read: {source[:60]!r}")


# --- The catalogue ------------------------------------------------------------------------------------------


def po_path(root: Path = ROOT) -> Path:
    return root / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


@contextmanager
def locked(root: Path = ROOT) -> Iterator[None]:
    """One writer at a time: several people fill translations in at once."""
    folder = po_path(root).parent
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def read(root: Path = ROOT) -> tuple[Catalog, dict[Key, str]]:
    """The catalogue as it is, and its translations by text, those no longer used included."""
    path = po_path(root)
    if not path.exists():
        return Catalog(locale=LANGUAGE), {}
    with open(path, "rb") as file:
        catalog = read_po(file, locale=LANGUAGE, abort_invalid=True)
    known: dict[Key, str] = {}
    for message in [*catalog.obsolete.values(), *catalog]:
        if message.id:
            english = message.id[0] if isinstance(message.id, tuple | list) else message.id
            chinese = message.string[0] if isinstance(message.string, tuple | list) else message.string
            if not message.fuzzy:
                known[message.context or "", english] = chinese or ""
    return catalog, known


def as_po(texts: dict[Key, Text], unused: dict[Key, str]) -> bytes:
    """The catalogue's bytes: the same texts always give the same bytes."""
    catalog = Catalog(locale=LANGUAGE)
    for text in texts.values():
        ids = (text.english, text.plural) if text.plural else text.english
        strings = (text.chinese,) if text.plural else text.chinese
        places = [(place, None) for place in sorted(text.places)]
        catalog.add(ids, strings, locations=places, context=text.context or None)
    output = io.BytesIO()
    write_po(output, catalog, width=10_000, omit_header=True, sort_output=True, include_lineno=False)
    lines = [
        (f"#~ msgctxt {quoted(context)}\n" if context else "")
        + f"#~ msgid {quoted(english)}\n#~ msgstr {quoted(chinese)}\n"
        for (context, english), chinese in sorted(unused.items())
    ]
    return (HEADER + output.getvalue().decode().strip() + "\n\n" + "\n".join(lines)).rstrip().encode() + b"\n"


def quoted(text: str) -> str:
    return (
        '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
    )


def merged(root: Path = ROOT) -> tuple[dict[Key, Text], dict[Key, str]]:
    """The texts of the sources with their known translations, and translations that nothing uses any more."""
    _, known = read(root)
    texts = collect(root)
    for text in texts.values():
        text.chinese = known.get(text.key, "")
    return texts, {key: chinese for key, chinese in known.items() if key not in texts and chinese}


def write_file(path: Path, content: bytes) -> None:
    """Replace the file in one step, only when its content changes."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)


# --- Judging a translation ----------------------------------------------------------------------------------


def fault(source: str, chinese: str) -> str:
    """What is wrong with a translation, or "": placeholders and tags must be those of the English."""
    for what, pattern in (("placeholders", PLACEHOLDER), ("tags", TAG)):
        ours, theirs = Counter(pattern.findall(source)), Counter(pattern.findall(chinese))
        if ours != theirs:
            left, right = sorted((ours - theirs).elements()), sorted((theirs - ours).elements())
            parts = [f"lacks {' '.join(left)}"] * bool(left) + [f"has {' '.join(right)} too many"] * bool(
                right
            )
            return f"{what}: the translation {' and '.join(parts)}"
    if source[:1].isspace() != chinese[:1].isspace() or source[-1:].isspace() != chinese[-1:].isspace():
        return "white space at its ends differs from the English"
    return ""


def faults(root: Path = ROOT) -> list[str]:
    """Everything that keeps the catalogue from being complete; the same list `./dev check` prints."""
    catalog, _ = read(root)
    texts, unused = merged(root)
    found = []
    path = po_path(root)
    if not path.exists() or path.read_bytes() != as_po(texts, unused):
        found.append("the catalogue is not up to date: run ./dev messages")
    found += [f"no longer used: {shown(*key)} (./dev messages --prune)" for key in sorted(unused)]
    found += [f"fuzzy: {message.id}" for message in catalog if message.id and message.fuzzy]
    for text in sorted(texts.values(), key=lambda text: text.key):
        if not text.chinese:
            found.append(f"not translated: {shown(*text.key)} ({', '.join(sorted(text.places))})")
        elif wrong := fault(text.source, text.chinese):
            found.append(f"{shown(*text.key)}: {wrong}")
    return found


def shown(context: str, english: str) -> str:
    return json.dumps(english, ensure_ascii=False) + (f" [{context}]" if context else "")


# --- Commands -----------------------------------------------------------------------------------------------


def update(root: Path = ROOT, *, prune: bool = False) -> list[Text]:
    """Bring the catalogue up to the sources; gives the texts that still lack a translation."""
    with locked(root):
        texts, unused = merged(root)
        write_file(po_path(root), as_po(texts, {} if prune else unused))
    return sorted((text for text in texts.values() if not text.chinese), key=lambda text: text.key)


def fill(given: dict[str, object], root: Path = ROOT) -> tuple[int, list[str]]:
    """Take translations in; gives how many were taken and what was refused, each with its reason.

    `given` is {"English": "中文"}; for a text with a plural a list of one, {"English": ["中文"]}; for texts
    with a context an object, {"context": {"English": "中文"}}.
    """
    taken, refused = 0, []
    with locked(root):
        texts, unused = merged(root)
        for key, value in pairs(given):
            text, chinese = texts.get(key), value[0] if isinstance(value, list) and len(value) == 1 else value
            if text is None:
                refused.append(f"{shown(*key)}: no such text in the sources")
            elif not isinstance(chinese, str) or not chinese:
                refused.append(f"{shown(*key)}: the translation must be a text, or a list of one text")
            elif wrong := fault(text.source, chinese):
                refused.append(f"{shown(*key)}: {wrong}")
            else:
                text.chinese, taken = chinese, taken + 1
        write_file(po_path(root), as_po(texts, unused))
    return taken, refused


def pairs(given: dict[str, object]) -> Iterator[tuple[Key, object]]:
    for english, value in given.items():
        if isinstance(value, dict):
            yield from (
                (("" if english == "" else english, inner), chinese) for inner, chinese in value.items()
            )
        else:
            yield ("", english), value


def compile_catalogues(root: Path = ROOT) -> Path | None:
    """Write the .mo files that Django reads, where the .po has changed since; gives the Chinese one's path.

    locale/en holds our English for texts of others' pages, and is kept by hand.
    """
    compile_catalogue(root / "locale" / "en" / "LC_MESSAGES" / "django.po", "en")
    return compile_catalogue(po_path(root), LANGUAGE)


def compile_catalogue(source: Path, language: str) -> Path | None:
    """Write the .mo of one .po; gives its path, None when there is no .po."""
    if not source.exists():
        return None
    target, stamp = source.with_suffix(".mo"), source.with_name(".compiled.mo")
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    if target.exists() and stamp.exists() and stamp.read_text() == digest:
        return target
    with open(source, "rb") as file:
        catalog = read_po(file, locale=language, abort_invalid=True)
    output = io.BytesIO()
    write_mo(output, catalog)
    write_file(target, output.getvalue())
    write_file(stamp, digest.encode())
    return target


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev messages", description=__doc__)
    parser.add_argument("--fill", metavar="FILE.json", help=(fill.__doc__ or "").replace("%", "%%"))
    parser.add_argument("--compile", action="store_true", help="write the .mo only")
    parser.add_argument(
        "--check", action="store_true", help="say what keeps the catalogue from being complete"
    )
    parser.add_argument("--prune", action="store_true", help="forget translations that nothing uses any more")
    options = parser.parse_args(arguments)
    try:
        if options.compile:
            compile_catalogues()
            return 0
        if options.check:
            found = faults()
            print("\n".join(found) or "The translations are complete.")
            return 1 if found else 0
        refused: list[str] = []
        if options.fill:
            taken, refused = fill(json.loads(Path(options.fill).read_text(encoding="utf-8")))
            say(f"{taken} translations taken, {len(refused)} refused")
            print("\n".join(refused), file=sys.stderr)
        missing = update(prune=options.prune)
        compile_catalogues()
    except BadText as error:
        raise Failed(str(error)) from error
    except (OSError, ValueError) as error:
        raise Failed(f"{options.fill or po_path()}: {error}") from error
    for text in missing:
        say(f"{shown(*text.key)}" + (f"  / {shown('', text.plural)}" if text.plural else ""))
    say(f"{len(missing)} texts lack a translation." if missing else "Every text is translated.")
    return 1 if refused else 0
