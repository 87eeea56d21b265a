#!/usr/bin/env python3
"""Send films to a Firstlight contest from the command line: many at once, continued after every interruption.

    python3 firstlight_upload.py login
    python3 firstlight_upload.py list
    python3 firstlight_upload.py upload F3K7Q2 film.mov  M9X2AB other.mov
    python3 firstlight_upload.py upload --csv films.csv --dry-run

`login` asks for an upload token, which you make on the page of your account; your password is never asked for. A table
for --csv has two columns, entry and file. What was interrupted is continued by the same command.

Ends with 0 when every film has arrived, 1 when the contest did not take one, 2 when something is wrong here (a file, a
token, the command), 3 when the line stayed broken, 130 when it was stopped. Needs Python 3.9 or newer, nothing else.
"""

from __future__ import annotations

import argparse
import base64
import csv
import getpass
import hashlib
import http.client
import json
import locale
import os
import queue
import random
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

VERSION = "1"
SITE = ""  # the contest's address; filled in by the site that gives this file away
BLOCK = 1 << 18
PARALLEL = 3
ANSWER_SECONDS = 180
LONGEST_WAIT = 30.0
SIGNED_AT_ONCE = 12
HEAD_AND_TAIL = 1 << 20
ARRIVED, REFUSED, WRONG, BROKEN, STOPPED = 0, 1, 2, 3, 130
AGAIN = ("cut_off", "address_expired", "wrong_checksum")

CHINESE = {
    "{site} takes this token. You are {who}.": "{site} 已接受该令牌。当前账号：{who}。",
    "No entry of yours awaits a film now.": "目前没有等待上传影片的作品。",
    "until {until}": "截止 {until}",
    "has {films}": "已有 {films}",
    "unfinished: {films}": "未传完：{films}",
    "{entry}: {name} would be sent ({size}).": "{entry}：将上传 {name}（{size}）。",
    "{entry}: {name} has arrived as version {version}. {page}": "{entry}：{name} 已送达，为第 {version} 版。{page}",
    "{entry}: {name}, continued: {percent} % is there already.": "{entry}：{name}，继续上传，已有 {percent} %。",
    "{entry}: sending {name} ({size}).": "{entry}：正在上传 {name}（{size}）。",
    "The line is broken ({why}). Trying again in {seconds} s.": "连接中断（{why}）。{seconds} 秒后重试。",
    "The line stayed broken ({why}). The same command continues where it stopped.":
        "连接一直未恢复（{why}）。重新运行同一命令即可从中断处继续。",
    "Stopped. The same command continues where it stopped.": "已停止。重新运行同一命令即可从中断处继续。",
    "{entry}: {name} was not taken: {why}": "{entry}：{name} 未被接收：{why}",
    "{entry} awaits no film, or is not yours.": "{entry} 目前不接收影片，或不属于该账号。",
    "{path} cannot be read: {why}": "无法读取 {path}：{why}",
    "{path} is empty.": "{path} 是空文件。",
    "{path} has {size}; the contest takes films of up to {limit}.": "{path} 大小为 {size}；本届影片上限为 {limit}。",
    "{path} was changed while it was sent. Send it again.": "{path} 在上传过程中被修改，请重新上传。",
    "Upload token: ": "上传令牌：",
    "Name the contest's address: --site https://…": "请指定竞赛网址：--site https://…",
    "There is no token yet. Run: {program} login": "尚无令牌。请先运行：{program} login",
    "Give an entry and a file for each film.": "请为每部影片依次给出作品编号和文件。",
    "{path}, line {line}: an entry and a file are wanted.": "{path} 第 {line} 行：需要作品编号和文件两列。",
    "Name at least one film.": "请至少指定一部影片。",
    "The site has moved to {where}. Give that address with --site.": "网站已迁至 {where}，请用 --site 指定该网址。",
    "{site} is not Firstlight, or stands behind a page of its own (HTTP {status}).":
        "{site} 不是 Firstlight 网站，或前面还有其他页面（HTTP {status}）。",
    "the store answers {status}": "存储服务返回 {status}",
}  # fmt: skip


def speaks_chinese() -> bool:
    """By the environment's language."""
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    spoken = next((name for name in names if name), "") or (locale.getlocale()[0] or "")
    return spoken.lower().startswith(("zh", "chinese"))


def words(text: str, **values: Any) -> str:
    """A sentence in the reader's language."""
    return (CHINESE.get(text, text) if speaks_chinese() else text).format(**values)


class Wrong(Exception):
    """Something here is wrong: a file, the token, the command."""


class Refused(Exception):
    """The contest does not take it; its own sentence says why."""

    def __init__(self, code: str, text: str, details: dict[str, Any]) -> None:
        super().__init__(text)
        self.code, self.details = code, details


class Broken(Exception):
    """The line, or the server for a moment: worth trying again."""


class Over(Exception):
    """Another part has failed for good: this one need not be sent any more."""


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """A token must not follow to another address."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
        raise Wrong(words("The site has moved to {where}. Give that address with --site.", where=newurl))


class Site:
    """The contest's site: questions in JSON with the token, parts to wherever it says."""

    def __init__(self, address: str, token: str, patience: float) -> None:
        self.address, self.token, self.patience = address.rstrip("/"), token, patience
        self.opener = urllib.request.build_opener(NoRedirects)

    def ask(self, path: str, body: Any = None) -> dict[str, Any]:
        """GET, or POST when there is something to say."""
        headers = {"Accept": "application/json", "Content-Type": "application/json", **self.own_headers()}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, headers)
        answer = json_of(self.open(request, ours=True))
        if answer is None:
            raise Wrong(
                words(
                    "{site} is not Firstlight, or stands behind a page of its own (HTTP {status}).",
                    site=self.address,
                    status=200,
                )
            )
        return answer

    def own_headers(self) -> dict[str, str]:
        return {
            "Authorization": "Bearer " + self.token,
            "Accept-Language": "zh-hans" if speaks_chinese() else "en",
            "User-Agent": "firstlight-upload/" + VERSION,
        }

    def put(self, url: str, part: Slice) -> None:
        """One part. Another server than the site's gets the bytes alone."""
        ours = url.startswith("/")
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(part.length)}
        if ours:
            headers.update(self.own_headers(), Accept="application/json")
            headers["Content-MD5"] = part.md5()
        request = urllib.request.Request((self.address if ours else "") + url, part, headers, method="PUT")
        self.open(request, ours)

    def open(self, request: urllib.request.Request, ours: bool) -> bytes:
        """What the server says. Raises Refused, Broken, Wrong."""
        try:
            with self.opener.open(request, timeout=ANSWER_SECONDS) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                self.fail(error.code, error.read(1 << 16), ours)
        except (OSError, http.client.HTTPException) as error:
            raise Broken(str(getattr(error, "reason", "") or error or type(error).__name__)) from None
        raise AssertionError

    def fail(self, status: int, body: bytes, ours: bool) -> None:
        answer = json_of(body) if ours else None
        if ours and answer and "error" in answer:
            if answer["error"] == "bad_token":
                raise Wrong(str(answer["text"]))
            if (status >= 500 and status != 507) or status == 408 or answer["error"] in AGAIN:
                raise Broken(str(answer["text"]))
            raise Refused(str(answer["error"]), str(answer["text"]), answer)
        if status >= 500 or status in (408, 429):
            raise Broken(f"HTTP {status}")
        if not ours:
            if b"NoSuchUpload" in body:
                raise Refused("upload_over", words("the store answers {status}", status="NoSuchUpload"), {})
            raise Broken(words("the store answers {status}", status=status))  # a new address mends most
        raise Wrong(
            words(
                "{site} is not Firstlight, or stands behind a page of its own (HTTP {status}).",
                site=self.address,
                status=status,
            )
        )

    def persist(self, action: Callable[[], Any], over: threading.Event | None = None) -> Any:
        """Until it succeeds, is refused for good, or the line stays broken for longer than patience lasts."""
        attempt, end = 0, time.monotonic() + self.patience
        while True:
            if over is not None and over.is_set():
                raise Over
            try:
                return action()
            except Broken as error:
                wait = min(LONGEST_WAIT, 2.0**attempt) * (0.7 + 0.6 * random.random())
                attempt += 1
                if time.monotonic() + wait > end:
                    raise
                if attempt > 2:
                    say(
                        words(
                            "The line is broken ({why}). Trying again in {seconds} s.",
                            why=error,
                            seconds=round(wait),
                        )
                    )
                if over is None:
                    time.sleep(wait)
                elif over.wait(wait):
                    raise Over from None


def json_of(body: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


class Slice:
    """One part of a file, read as it is sent."""

    def __init__(self, path: Path, first: int, length: int, heard: Callable[[int], None]) -> None:
        self.path, self.first, self.length, self.heard = path, first, length, heard

    def md5(self) -> str:
        """Of these bytes, as the header wants it."""
        digest = hashlib.md5()  # noqa: S324
        for block in self.blocks():
            digest.update(block)
        return base64.b64encode(digest.digest()).decode()

    def blocks(self) -> Iterator[bytes]:
        left = self.length
        try:
            with open(self.path, "rb") as file:
                file.seek(self.first)
                while left:
                    block = file.read(min(BLOCK, left))
                    if not block:
                        raise changed(self.path)
                    left -= len(block)
                    yield block
        except OSError as error:
            raise Wrong(words("{path} cannot be read: {why}", path=self.path, why=error.strerror)) from None

    def __iter__(self) -> Iterator[bytes]:
        for block in self.blocks():
            yield block
            self.heard(len(block))


def changed(path: Path) -> Wrong:
    return Wrong(words("{path} was changed while it was sent. Send it again.", path=path))


class Film:
    """One film for one entry."""

    def __init__(self, entry: str, path: Path) -> None:
        self.entry, self.path = entry, path
        try:
            found = path.stat()
            with open(path, "rb") as file:
                self.fingerprint = self._fingerprint(file, found.st_size)
        except OSError as error:
            raise Wrong(words("{path} cannot be read: {why}", path=path, why=error.strerror)) from None
        self.size, self.changed = found.st_size, found.st_mtime_ns
        if not self.size:
            raise Wrong(words("{path} is empty.", path=path))

    def _fingerprint(self, file: BinaryIO, size: int) -> str:
        """Recognises the file when it is sent again: name, size, and its head and tail."""
        digest = hashlib.sha256(f"{self.path.name}|{size}|".encode("utf-8", "surrogateescape"))
        digest.update(file.read(HEAD_AND_TAIL))
        file.seek(max(0, size - HEAD_AND_TAIL))
        digest.update(file.read(HEAD_AND_TAIL))
        return "cli " + digest.hexdigest()

    @property
    def name(self) -> str:
        return self.path.name.encode("utf-8", "replace").decode()

    def is_as_it_was(self) -> bool:
        now = self.path.stat()
        return (now.st_size, now.st_mtime_ns) == (self.size, self.changed)


class Upload:
    """A film on its way: begun or continued, its missing parts sent several at once, completed."""

    def __init__(self, site: Site, film: Film, parallel: int) -> None:
        self.site, self.film, self.parallel = site, film, parallel
        self.lock = threading.Lock()
        self.addresses: dict[int, tuple[str, float]] = {}
        self.sent = 0
        self.progress = Progress(film)

    def run(self) -> dict[str, Any]:
        film = self.film
        said = {
            "entry": film.entry,
            "filename": film.name,
            "size": film.size,
            "fingerprint": film.fingerprint,
        }
        self.session = self.site.persist(lambda: self.site.ask("/uploads/", said))
        there = {
            part["number"] for part in self.session["parts"] if part["size"] == self.length(part["number"])
        }
        self.sent = sum(self.length(number) for number in there)
        text = (
            "{entry}: {name}, continued: {percent} % is there already."
            if there
            else "{entry}: sending {name} ({size})."
        )
        percent = 100 * self.sent // film.size
        say(words(text, entry=film.entry, name=film.name, percent=percent, size=size_of(film.size)))
        missing = [number for number in range(1, self.session["part_count"] + 1) if number not in there]
        try:
            return self.finish(missing)
        except Refused as error:
            if error.code != "upload_over" or self.site.ask(self.session["list"])["state"] != "complete":
                raise
            return self.complete()  # another window sent the rest

    def finish(self, missing: list[int]) -> dict[str, Any]:
        while True:
            self.send(missing)
            if not self.film.is_as_it_was():
                raise changed(self.film.path)
            try:
                return self.complete()
            except Refused as error:
                if error.code != "missing_parts":
                    raise
                missing = list(error.details["missing"])
                self.sent -= sum(self.length(number) for number in missing)

    def complete(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.site.persist(lambda: self.site.ask(self.session["complete"], {}))
        self.progress.end()
        return answer

    def length(self, number: int) -> int:
        size: int = self.session["part_size"]
        return min(size, self.film.size - (number - 1) * size)

    def send(self, numbers: list[int]) -> None:
        waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in numbers:
            waiting.put(number)
        over, errors = threading.Event(), []

        def hand() -> None:
            try:
                while not over.is_set():
                    number = waiting.get_nowait()
                    self.site.persist(lambda: self.send_part(number, over), over)  # noqa: B023
            except (queue.Empty, Over):
                return
            except BaseException as error:
                errors.append(error)
                over.set()

        hands = [threading.Thread(target=hand, daemon=True) for _ in range(min(self.parallel, len(numbers)))]
        for each in hands:
            each.start()
        try:
            for each in hands:
                while each.is_alive():
                    each.join(0.2)
        except KeyboardInterrupt:
            over.set()
            raise
        if errors:
            raise errors[0]

    def send_part(self, number: int, over: threading.Event) -> None:
        heard = 0

        def hear(count: int) -> None:
            nonlocal heard
            if over.is_set():
                raise Over
            heard += count
            self.count(count)

        try:
            first = (number - 1) * self.session["part_size"]
            part = Slice(self.film.path, first, self.length(number), hear)
            self.site.put(self.address(number), part)
        except BaseException:
            with self.lock:
                self.addresses.pop(number, None)
            self.count(-heard)
            raise

    def count(self, count: int) -> None:
        with self.lock:
            self.sent += count
            self.progress.show(self.sent)

    def address(self, number: int) -> str:
        """Where the part goes; addresses are asked for a few at a time, as they are good for minutes only."""
        with self.lock:
            known = self.addresses.get(number)
        if known and known[1] > time.monotonic():
            return known[0]
        last = min(self.session["part_count"], number + SIGNED_AT_ONCE)
        answer = self.site.ask(self.session["sign"], {"first": number, "last": last})
        until = time.monotonic() + answer["seconds"] / 2
        with self.lock:
            for part in answer["parts"]:
                self.addresses[part["number"]] = part["url"], until
            return self.addresses[number][0]


class Progress:
    """How far a film is: a line that is written over on a terminal, else one for every tenth."""

    def __init__(self, film: Film) -> None:
        self.film, self.begun, self.first, self.shown, self.tenth = film, time.monotonic(), -1, 0.0, 0

    def show(self, sent: int) -> None:
        now = time.monotonic()
        if self.first < 0:
            self.first, self.tenth = sent, 10 * sent // self.film.size
        percent = 100 * sent // self.film.size
        if sys.stderr.isatty():
            if now - self.shown >= 0.5:
                self.shown = now
                speed = max(0.0, (sent - self.first) / max(now - self.begun, 0.001))
                line = f"{self.film.entry}  {percent:3} %  {size_of(int(speed))}/s"
                print("\r" + line.ljust(60), end="", file=sys.stderr, flush=True)
        elif percent // 10 > self.tenth:
            self.tenth = percent // 10
            print(f"{self.film.entry}  {percent:3} %", file=sys.stderr, flush=True)

    def end(self) -> None:
        if sys.stderr.isatty():
            print("\r" + " " * 60 + "\r", end="", file=sys.stderr, flush=True)


def say(text: str) -> None:
    end = "\r" + " " * 60 + "\r" if sys.stderr.isatty() else ""
    print(end + text, file=sys.stderr, flush=True)


def size_of(count: int) -> str:
    number, unit = float(count), 0
    units = ("B", "kB", "MB", "GB", "TB")
    while number >= 999.5 and unit < 4:
        number, unit = number / 1000, unit + 1
    return f"{number:.{1 if unit and number < 10 else 0}f} {units[unit]}"


# --- The token, kept for the next time -----------------------------------------------------------------------


def token_file() -> Path:
    folder = os.environ.get("XDG_CONFIG_HOME") or os.environ.get("APPDATA") or str(Path.home() / ".config")
    return Path(folder) / "firstlight" / "tokens.json"


def kept_tokens() -> dict[str, str]:
    try:
        kept = json.loads(token_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def keep_token(site: str, token: str) -> None:
    """Readable by this account alone."""
    path = token_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        json.dump({**kept_tokens(), site: token}, file)
    os.replace(partial, path)


# --- The commands --------------------------------------------------------------------------------------------


def connect(options: argparse.Namespace) -> Site:
    """The site with a token: from the environment, else the one that was kept."""
    if not options.site:
        raise Wrong(words("Name the contest's address: --site https://…"))
    address = options.site.rstrip("/")
    token = os.environ.get("FIRSTLIGHT_TOKEN", "").strip() or kept_tokens().get(address, "")
    if not token:
        raise Wrong(words("There is no token yet. Run: {program} login", program=Path(sys.argv[0]).name))
    return Site(address, token, options.patience)


def log_in(options: argparse.Namespace) -> int:
    if not options.site:
        raise Wrong(words("Name the contest's address: --site https://…"))
    address = options.site.rstrip("/")
    if sys.stdin.isatty():
        token = getpass.getpass(words("Upload token: ")).strip()
    else:
        token = sys.stdin.readline().strip()
    site = Site(address, token, options.patience)
    who = site.persist(lambda: site.ask("/uploads/awaiting/"))["account"]
    keep_token(address, token)
    print(words("{site} takes this token. You are {who}.", site=address, who=who))
    return ARRIVED


def show(options: argparse.Namespace) -> int:
    site = connect(options)
    rows = site.persist(lambda: site.ask("/uploads/awaiting/"))["entries"]
    if not rows:
        print(words("No entry of yours awaits a film now."))
    for row in rows:
        until = datetime.fromisoformat(row["until"]).astimezone().strftime("%Y-%m-%d %H:%M")
        notes = [row["edition"], words("until {until}", until=until)]
        if row["films"]:
            notes.append(words("has {films}", films=", ".join(row["films"])))
        if row["unfinished"]:
            notes.append(words("unfinished: {films}", films=", ".join(row["unfinished"])))
        print(f"{row['entry']}  {row['title']}  ({'; '.join(notes)})")
    return ARRIVED


def pairs_of(options: argparse.Namespace) -> list[tuple[str, Path]]:
    """Entries and files, from the command line and from a table."""
    if len(options.pairs) % 2:
        raise Wrong(words("Give an entry and a file for each film."))
    pairs = [
        (options.pairs[place], Path(options.pairs[place + 1])) for place in range(0, len(options.pairs), 2)
    ]
    if options.csv:
        try:
            with open(options.csv, encoding="utf-8-sig", newline="") as file:
                rows = list(csv.reader(file))
        except (OSError, ValueError, csv.Error) as error:
            raise Wrong(words("{path} cannot be read: {why}", path=options.csv, why=error)) from None
        for line, row in enumerate(rows, 1):
            cells = [cell.strip() for cell in row]
            if not any(cells) or (line == 1 and cells[0].lower() in ("entry", "作品")):
                continue
            if len(cells) < 2 or not cells[0] or not cells[1]:
                raise Wrong(
                    words("{path}, line {line}: an entry and a file are wanted.", path=options.csv, line=line)
                )
            pairs.append((cells[0], Path(options.csv).parent / cells[1]))
    if not pairs:
        raise Wrong(words("Name at least one film."))
    return pairs


def send(options: argparse.Namespace) -> int:
    """Everything that can be known is said before the first byte; then one film after the other."""
    site = connect(options)
    films = [Film(entry, path) for entry, path in pairs_of(options)]
    rows = {row["entry"]: row for row in site.persist(lambda: site.ask("/uploads/awaiting/"))["entries"]}
    result, good = ARRIVED, []
    for film in films:
        row = rows.get(film.entry)
        limit = row["max_bytes"] if row else None
        if row is None:
            why = words("{entry} awaits no film, or is not yours.", entry=film.entry)
        elif limit is not None and film.size > limit:
            text = "{path} has {size}; the contest takes films of up to {limit}."
            why = words(text, path=film.path, size=size_of(film.size), limit=size_of(limit))
        else:
            good.append(film)
            continue
        say(why)
        result = REFUSED
    for film in good:
        if options.dry_run:
            print(
                words(
                    "{entry}: {name} would be sent ({size}).",
                    entry=film.entry,
                    name=film.name,
                    size=size_of(film.size),
                )
            )
            continue
        try:
            answer = Upload(site, film, options.parallel).run()
        except Refused as error:
            say(words("{entry}: {name} was not taken: {why}", entry=film.entry, name=film.name, why=error))
            result = REFUSED
            continue
        page = site.address + answer["page"]
        text = "{entry}: {name} has arrived as version {version}. {page}"
        print(words(text, entry=film.entry, name=film.name, version=answer["version"], page=page), flush=True)
    return result


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument(
        "--site", default=os.environ.get("FIRSTLIGHT_SITE", "") or SITE, help="the contest's address"
    )
    made.add_argument(
        "--patience",
        type=float,
        default=1800,
        metavar="SECONDS",
        help="how long a broken line is borne; 1800",
    )
    commands = made.add_subparsers(dest="command", required=True)
    commands.add_parser("login", help="keep an upload token for the next time").set_defaults(run=log_in)
    commands.add_parser("list", help="show the entries that await a film").set_defaults(run=show)
    upload = commands.add_parser("upload", help="send films")
    upload.add_argument("pairs", nargs="*", metavar="ENTRY FILE", help="an entry's code and the film for it")
    upload.add_argument("--csv", metavar="FILE", help="a table of entries and files")
    upload.add_argument("--dry-run", action="store_true", help="say what would be sent, and send nothing")
    upload.add_argument(
        "--parallel", type=int, choices=range(1, 9), default=PARALLEL, help="parts at once; 3"
    )
    upload.set_defaults(run=send)
    return made


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except Wrong as error:
        say(str(error))
        return WRONG
    except Refused as error:
        say(str(error))
        return REFUSED
    except Broken as error:
        say(words("The line stayed broken ({why}). The same command continues where it stopped.", why=error))
        return BROKEN
    except KeyboardInterrupt:
        say(words("Stopped. The same command continues where it stopped."))
        return STOPPED


if __name__ == "__main__":
    sys.exit(main())
