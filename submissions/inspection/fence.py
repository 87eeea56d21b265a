"""The fence around the child: what an untrusted film can reach of the machine once a decoder obeys it.

Nothing here needs a program, a package or rights of its own: the kernel fences a process in that asks for it. What a
kernel does not know, or a container's rules forbid, is named and not fatal; several guards stand behind each other.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 1, 38, 22
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # Landlock, the same on every processor
MOST_TASKS = 512
CODE = Path(__file__).resolve().parents[2]
SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store", "/etc/ld.so.cache", "/etc/localtime",
    "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/zoneinfo", "/dev/null", "/dev/urandom",
    "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system",
)  # fmt: skip
"""What libraries read of the machine; no data of people stands there."""


@dataclass(frozen=True, slots=True)
class Plot:
    """What the fence leaves: one film to read, one folder to write, a parent to serve, and how much of all."""

    film: Path
    folder: Path
    parent: int
    limits: dict[str, float]


class Unknown(Exception):
    """This kernel, processor or container does not have the guard."""


def confine(plot: Plot) -> list[str]:
    """Give up what the work does not need, for good. Returns the codes of guards that this machine does not have.

    To be called while the process has one thread: files and system calls are fenced in for the calling thread and
    those it starts.
    """
    missing = []
    for guard, put_up in GUARDS.items():
        try:
            put_up(plot)
        except (Unknown, OSError):
            missing.append(guard)
    if os.getppid() != plot.parent:
        os._exit(1)  # the parent was gone before the kernel was asked
    return missing


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _ask(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _own_namespaces(_plot: Plot) -> None:
    """A network without any address, and no shared memory of others."""
    spaces = os.CLONE_NEWNET | os.CLONE_NEWIPC
    try:
        os.unshare(os.CLONE_NEWUSER | spaces)
    except OSError:
        os.unshare(spaces)


def _no_new_privileges(_plot: Plot) -> None:
    _ask(_libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def _no_capabilities(_plot: Plot) -> None:
    """What root may and others may not is given up, that of an own namespace too."""
    number = {"x86_64": 126, "aarch64": 91}.get(platform.machine())
    if number is None:
        raise Unknown
    head, none = struct.pack("Ii", 0x20080522, 0), bytes(24)
    _ask(_libc().syscall(number, head, none))


def _die_with_parent(_plot: Plot) -> None:
    _ask(_libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0))


def _bounds(plot: Plot) -> None:
    """Memory, CPU, files, tasks. Only ever lowered: a caller's own tighter limit stays."""
    os.nice(5)
    limits = plot.limits
    most_cpu = int(limits["cpu_most"]) + 5
    wanted = {
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_NOFILE: (64, 64),
        resource.RLIMIT_FSIZE: (int(limits["file_bytes"]),) * 2,
        resource.RLIMIT_AS: (int(limits["memory_bytes"]),) * 2,
        resource.RLIMIT_CPU: (min(most_cpu, max(1, int(limits["cpu_base"]))), most_cpu),
    }
    if _is_own_user_space():  # elsewhere the user's other processes would count
        wanted[resource.RLIMIT_NPROC] = (MOST_TASKS, MOST_TASKS)
    for which, (soft, hard) in wanted.items():
        most = resource.getrlimit(which)[1]
        if most != resource.RLIM_INFINITY:
            soft, hard = min(soft, most), min(hard, most)
        resource.setrlimit(which, (soft, hard))


def _is_own_user_space() -> bool:
    try:
        return not Path("/proc/self/uid_map").read_bytes().strip()
    except OSError:
        return False


# Files: Landlock

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_DIR, _REMOVE_FILE, _MAKE_CHAR, _MAKE_DIR, _MAKE_REG = (
    1 << bit for bit in range(9)
)
_ALL_OF_FIRST = (1 << 13) - 1
_REFER, _TRUNCATE, _IOCTL = 1 << 13, 1 << 14, 1 << 15
_PATH_BENEATH = 1


def landlock_version() -> int:
    """The version of Landlock that the kernel speaks; 0 for none."""
    return max(0, int(_libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)))


def _only_its_files(plot: Plot) -> None:
    """Reads the film, the program and the system's libraries; writes in its folder; runs nothing.

    From version 4 on also: no TCP; from version 6 on: no signals and no abstract sockets to the outside.
    """
    version = landlock_version()
    if not version:
        raise Unknown
    handled = _ALL_OF_FIRST | (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    handled |= _IOCTL if version >= 5 else 0
    fields = [handled, 3 if version >= 4 else 0, 3 if version >= 6 else 0]
    size = 8 if version < 4 else 16 if version < 6 else 24
    libc = _libc()
    rules = _ask(libc.syscall(_CREATE_RULESET, struct.pack("QQQ", *fields)[:size], ctypes.c_size_t(size), 0))
    try:
        look = _READ_FILE | _READ_DIR
        work = look | _WRITE_FILE | _MAKE_REG | _MAKE_DIR | _REMOVE_FILE | _REMOVE_DIR | _TRUNCATE & handled
        for path, rights in [*((path, look) for path in readable()), (plot.film, look), (plot.folder, work)]:
            _allow(libc, rules, path, rights)
        _ask(libc.syscall(_RESTRICT_SELF, rules, 0))
    finally:
        os.close(rules)


def readable() -> list[Path]:
    """The program, Python with its packages, and the system's libraries; never the site's data beside them."""
    own = {CODE / "festival", CODE / "submissions"}
    pythons = {
        Path(prefix) / lib
        for prefix in (sys.prefix, sys.base_prefix)
        for lib in ("lib", "lib64", "pyvenv.cfg")
    }
    packages = {Path(entry) for entry in sys.path if entry and not CODE.is_relative_to(Path(entry).resolve())}
    return sorted(own | pythons | packages | {Path(path) for path in SYSTEM})


def _allow(libc: ctypes.CDLL, rules: int, path: Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no right
    try:
        if not Path(path).is_dir():
            rights &= _READ_FILE | _WRITE_FILE | _TRUNCATE
        _ask(libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", rights, place), 0))
    finally:
        os.close(place)


# System calls: seccomp

_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_REFUSED = {  # name: number on x86_64, on aarch64; -1 where there is none
    "socket": (41, 198), "fork": (57, -1), "vfork": (58, -1), "execve": (59, 221), "execveat": (322, 281),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "tkill": (200, 130), "setpgid": (109, 154), "setsid": (112, 157),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "move_mount": (429, 429), "open_tree": (428, 428), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265), "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104), "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60), "syslog": (103, 116),
    "chmod": (90, -1), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, -1),
    "fchown": (93, 55), "lchown": (94, -1), "fchownat": (260, 54), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
}  # fmt: skip
_ON_ITSELF = {"kill": (62, 129), "tgkill": (234, 131), "prlimit64": (302, 261)}
_CLONE, _CLONE3, _THREAD = (56, 220), 435, 0x10000
_EPERM, _ENOSYS = 1, 38
_LOAD, _EQUAL, _ANY_BIT, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000, 0x80000000


def _only_its_calls(_plot: Plot) -> None:
    """No new process and no other program, no socket of any kind, nobody else's process, no rights of files.

    Threads may be started: decoders work with them.
    """
    if platform.machine() not in _MACHINES or sys.byteorder != "little":
        raise Unknown
    code = b"".join(struct.pack("HBBI", *line) for line in _program(platform.machine(), os.getpid()))
    text = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(text))
    _ask(_libc().prctl(_PR_SET_SECCOMP, 2, program, 0, 0))


def _program(machine: str, pid: int) -> Iterable[tuple[int, int, int, int]]:
    """Lines of the kernel's little filter language: operation, lines to skip if true, if false, value."""
    architecture, column = _MACHINES[machine]
    refuse = (_RETURN, 0, 0, _REFUSE | _EPERM)
    yield from [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    if machine == "x86_64":
        yield from [(_AT_LEAST, 0, 1, 0x40000000), refuse]  # the same calls under other numbers
    for numbers in _REFUSED.values():
        if numbers[column] >= 0:
            yield from [(_EQUAL, 0, 1, numbers[column]), refuse]
    yield from [(_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _REFUSE | _ENOSYS)]  # its flags cannot be read here
    first_argument, allow = (_LOAD, 0, 0, 16), (_RETURN, 0, 0, _ALLOW)
    yield from [(_EQUAL, 0, 4, _CLONE[column]), first_argument, (_ANY_BIT, 1, 0, _THREAD), refuse, allow]
    for name, numbers in _ON_ITSELF.items():
        itself = (pid, 0) if name == "prlimit64" else (pid,)  # to kill(), 0 is the whole group
        yield from [(_EQUAL, 0, len(itself) + 3, numbers[column]), first_argument]
        yield from [(_EQUAL, len(itself) - at, 0, number) for at, number in enumerate(itself)]
        yield from [refuse, allow]
    yield allow


GUARDS: dict[str, Callable[[Plot], None]] = {
    "namespaces": _own_namespaces,
    "no_new_privileges": _no_new_privileges,
    "death_with_parent": _die_with_parent,
    "bounds": _bounds,
    "files": _only_its_files,
    "calls": _only_its_calls,
    "capabilities": _no_capabilities,
}
"""Code of each guard and what puts it up, in this order."""
