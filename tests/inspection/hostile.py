"""What a decoder would do that obeys a hostile film. Runs only inside `hostile_child`."""

import contextlib
import os
import threading
import time
from pathlib import Path
from typing import Any

from submissions.inspection.trial import ATTEMPTS

_kept: list[bytes] = []


def attempt(request: dict[str, Any], folder: Path) -> None:
    """One of the attempts that `--fence` makes."""
    ATTEMPTS[request["attempt"]](request, folder)


def fork_bomb(_request: dict[str, Any], _folder: Path) -> None:
    """Bounded all the same: 200 processes that live for half a minute."""
    for _ in range(200):
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)


def fork_and_go(_request: dict[str, Any], folder: Path) -> None:
    """A process that leaves the group, so that killing the group misses it."""
    if os.fork() == 0:
        os.setsid()
        (folder.parent / "left.pid").write_text(str(os.getpid()))
        time.sleep(30)
        os._exit(0)


def thread_bomb(_request: dict[str, Any], _folder: Path) -> None:
    """Bounded all the same: 5,000 threads."""
    with contextlib.suppress(RuntimeError):
        for _ in range(5000):
            threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
    raise MemoryError


def memory_bomb(_request: dict[str, Any], _folder: Path) -> None:
    """Bounded all the same: 2 GB, a page of each kilobyte touched."""
    for _ in range(128):
        _kept.append(bytes(1) * (16 << 20))


def spin(_request: dict[str, Any], _folder: Path) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        pass


def hang(_request: dict[str, Any], _folder: Path) -> None:
    time.sleep(30)


def fill_disk(_request: dict[str, Any], folder: Path) -> None:
    """Bounded all the same: 64 MB."""
    with (folder / "large").open("wb") as stream:
        for _ in range(64):
            stream.write(bytes(1 << 20))


def change_film(request: dict[str, Any], _folder: Path) -> None:
    Path(request["path"]).write_bytes(b"another film")


def change_rights(request: dict[str, Any], _folder: Path) -> None:
    os.chmod(request["path"], 0)


def reach_through_link(request: dict[str, Any], folder: Path) -> None:
    (folder / "link").symlink_to(request["neighbour"])
    (folder / "link").read_bytes()


def look_around(request: dict[str, Any], _folder: Path) -> None:
    os.listdir(Path(request["neighbour"]).parent)


def read_code_beside(_request: dict[str, Any], _folder: Path) -> None:
    """The site's own folder: settings of the environment, database and uploads stand there by default."""
    (Path(__file__).parents[2] / "manage.py").read_bytes()


def run(request: dict[str, Any], folder: Path, tell: Any, _header: object) -> dict[str, Any]:
    """The operation: `{"refused": False}` when the deed was done, True when the system refused it."""
    tell("open", None)
    try:
        globals()[request["act"]](request, folder)
    except (PermissionError, OSError) as error:
        return {"refused": True, "error": error.errno or 0}
    return {"refused": False}
