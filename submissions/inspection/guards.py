"""Which guards hold around the inspector's child on this machine: tried in a real child, told in words."""

import logging
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

from festival.edition.rulebook_words import LANGUAGES
from submissions.inspection.confined import run_limited
from submissions.inspection.limits import Limits

log = logging.getLogger(__name__)

WORDS = {
    "read_neighbour": ("reads no file but its film", "除影片本身外，读不到任何文件"),
    "write_elsewhere": ("writes nowhere but in its own folder", "只能写入自己的文件夹"),
    "open_connection": ("reaches no network", "连不上任何网络"),
    "open_local_socket": (
        "reaches no service on this machine (database, queue)",
        "连不上本机的任何服务（数据库、队列）",
    ),
    "start_process": ("starts no process", "不能创建新进程"),
    "run_program": ("runs no other program", "不能运行其他程序"),
    "signal_parent": ("sends no signal to the worker", "不能向工作进程发送信号"),
    "take_memory": ("takes no more memory than it is given", "占用内存不会超过限额"),
    "lift_limits": ("cannot lift its own limits", "不能自行放宽限额"),
}
MISSING = {
    "namespaces": (
        "No namespaces of its own (user namespaces are switched off, or the container forbids `unshare`).",
        "没有独立的命名空间（系统关闭了用户命名空间，或容器禁止 `unshare`）。",
    ),
    "no_new_privileges": ("The kernel does not know no_new_privs.", "内核不支持 no_new_privs。"),
    "death_with_parent": (
        "It is not ended when its worker dies (no parent-death signal).",
        "工作进程退出时它不会随之结束（不支持父进程退出信号）。",
    ),
    "bounds": ("Limits of memory, CPU and files could not be set.", "无法设置内存、CPU 和文件的限额。"),
    "files": (
        "No Landlock: it needs Linux 5.13 or newer with `landlock` among the active security modules.",
        "没有 Landlock：需要 Linux 5.13 或更新版本，并在安全模块中启用 `landlock`。",
    ),
    "calls": (
        "No filter of system calls (seccomp), or a processor other than x86-64 and ARM64.",
        "没有系统调用过滤（seccomp），或处理器不是 x86-64 / ARM64。",
    ),
    "capabilities": ("Root's capabilities could not be given up.", "无法放弃 root 的特权。"),
}


@dataclass(frozen=True, slots=True)
class Trial:
    """`refused`: what a hostile film would try, and whether it was refused. `missing`: guards not to be had here."""

    refused: dict[str, bool]
    missing: tuple[str, ...]

    @property
    def open(self) -> list[str]:
        """What a hostile film could do here."""
        return [code for code, held in self.refused.items() if not held]

    def text(self, language: str = "en") -> str:
        """One line per attempt, then what this machine lacks."""
        column = LANGUAGES.index(language)
        head = (
            "The process that opens a film, on this machine:",
            "在这台机器上，打开影片的进程：",
        )[column]
        held, bare = (("holds", "OPEN"), ("有效", "失守"))[column]
        lines = [
            f"  {held if refused else bare:<5}  {WORDS[code][column]}"
            for code, refused in self.refused.items()
        ]
        return "\n".join([head, *lines, *(f"  ! {MISSING[guard][column]}" for guard in self.missing)])


def try_fence() -> Trial:
    """Start a child like that of a film and let it attempt what a hostile film would. Takes about 0.2 s.

    Raises ChildError when not even that child can be started.
    """
    with (
        tempfile.TemporaryDirectory(prefix="fence-") as name,
        socket.create_server(("127.0.0.1", 0)) as network,
        socket.socket(socket.AF_UNIX) as local,
    ):
        place = Path(name)
        local.bind(str(place / "socket"))
        local.listen()
        (place / "neighbour").write_text("another entrant's film")
        (place / "film.ts").write_bytes((b"\x47" + bytes(187)) * 5)
        request = {
            "neighbour": str(place / "neighbour"),
            "socket": str(place / "socket"),
            "port": network.getsockname()[1],
        }
        limits = Limits(memory_bytes=512 << 20, wall_seconds=30)
        result, _cost = run_limited("trial", place / "film.ts", place / "out", request, limits=limits)
    refused = {code: bool(result["refused"].get(code)) for code in WORDS}
    return Trial(refused, tuple(guard for guard in MISSING if guard in result["missing"]))


def log_missing() -> None:
    """For a worker's start: one line about what a hostile film could do here, or that the fence is whole."""
    trial = try_fence()
    if not trial.open and not trial.missing:
        log.info("The fence around the film inspector is whole.")
    for code in trial.open:
        log.warning("The film inspector's fence is open here: a hostile film is not kept from this: %s", code)
    for guard in trial.missing:
        log.warning("A guard of the film inspector is not to be had here: %s", MISSING[guard][0])
