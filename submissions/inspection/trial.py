"""The fence tried from inside: the child's operation "trial" attempts what a hostile film would, harmlessly."""

import ctypes
import mmap
import os
import resource
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Attempt = Callable[[dict[str, Any], Path], object]
"""Does what must not be possible; a guard that holds makes it raise OSError or MemoryError."""


def _read_neighbour(request: dict[str, Any], _folder: Path) -> None:
    Path(request["neighbour"]).read_bytes()


def _write_elsewhere(request: dict[str, Any], _folder: Path) -> None:
    Path(request["neighbour"]).with_name("written").touch()


def _open_connection(request: dict[str, Any], _folder: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as one:
        one.settimeout(1)
        one.connect(("127.0.0.1", request["port"]))


def _open_local_socket(request: dict[str, Any], _folder: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
        one.settimeout(1)
        one.connect(request["socket"])


def _start_process(_request: dict[str, Any], _folder: Path) -> None:
    number = os.fork()
    if number == 0:
        os._exit(0)
    os.waitpid(number, 0)


def _run_program(_request: dict[str, Any], _folder: Path) -> None:
    """Only what the kernel says first: a program that could be started would take this one's place."""
    libc = ctypes.CDLL(None, use_errno=True)
    no_arguments = (ctypes.c_char_p * 1)(None)
    libc.execve(os.fsencode(sys.executable), no_arguments, ctypes.c_void_p(1))  # environment at no address
    if (error := ctypes.get_errno()) != 14:  # EFAULT: it would have begun
        raise OSError(error, os.strerror(error))


def _signal_parent(request: dict[str, Any], _folder: Path) -> None:
    os.kill(request["parent"], 0)


def _take_memory(request: dict[str, Any], _folder: Path) -> None:
    mmap.mmap(-1, int(request["limits"]["memory_bytes"]) + (1 << 20)).close()


def _lift_limits(_request: dict[str, Any], _folder: Path) -> None:
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except ValueError as error:  # how Python tells it
        raise PermissionError(str(error)) from error


ATTEMPTS: dict[str, Attempt] = {
    "read_neighbour": _read_neighbour,
    "write_elsewhere": _write_elsewhere,
    "open_connection": _open_connection,
    "open_local_socket": _open_local_socket,
    "start_process": _start_process,
    "run_program": _run_program,
    "signal_parent": _signal_parent,
    "take_memory": _take_memory,
    "lift_limits": _lift_limits,
}


def run(request: dict[str, Any], folder: Path, _tell: object, _header: object) -> dict[str, Any]:
    """The child's operation "trial": which attempts were refused, by code, and which guards are missing."""
    refused = {}
    for code, attempt in ATTEMPTS.items():
        try:
            attempt(request, folder)
        except (OSError, MemoryError):
            refused[code] = True
        else:
            refused[code] = False
    return {"refused": refused, "missing": request.get("missing", [])}
