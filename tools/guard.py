"""Runs one program and never outlives its parent, nor lets anything the program started outlive it.

    python guard.py PARENT_PID PID_FD STOP_SIGNAL GRACE_SECONDS USER -- PROGRAM ARGUMENT...

The guard is the reaper of everything below it (Linux child subreaper), so processes that detach themselves
stay in its tree. It ends the tree when it is told to (SIGTERM, SIGINT, SIGHUP), when the program ends, and
when its own parent is gone, whatever ended that (SIGKILL too). If the guard itself is killed, the kernel
kills the program. Standard library only: it starts in a few milliseconds with `python -I -S`.
"""

import contextlib
import ctypes
import os
import signal
import sys
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
WATCHED = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
POLL_SECONDS = 0.3


def prctl(option: int, value: int) -> None:
    """Ask the Linux kernel; on other systems there is nothing to ask and the process group must do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def parents() -> dict[int, int]:
    """Every process that can be seen: its parent's number by its own."""
    found = {}
    for name in os.listdir("/proc") if os.path.isdir("/proc/self") else ():
        if name.isdigit():
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat") as file:
                # The program's name stands in brackets and may itself hold spaces and brackets.
                found[int(name)] = int(file.read().rpartition(")")[2].split()[1])
    return found


def descendants(root: int) -> list[int]:
    """Numbers of all processes below `root`, nearest first."""
    parent_of = parents()
    level, below = {root}, []
    while level:
        level = {pid for pid, parent in parent_of.items() if parent in level}
        below += level
    return below


def start(command: list[str], user: str) -> int:
    """Start the program in a session of its own, as `user` when one is named; gives its process number."""
    guard = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if user:
            import pwd

            account = pwd.getpwnam(user)
            os.setgroups([])
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # after setuid, which clears it
        if os.getppid() != guard:
            os._exit(1)  # the guard was gone before the kernel had been asked
        os.execvp(command[0], command)
    except BaseException as error:
        print(f"{command[0]} cannot be started: {error}", file=sys.stderr, flush=True)
    os._exit(127)


class Tree:
    """The program and what it started."""

    def __init__(self, command: list[str], user: str) -> None:
        self.main = start(command, user)
        self.status: int | None = None

    def reap(self) -> None:
        """Collect every child that has ended; remember how the program itself ended."""
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                if pid == self.main:
                    self.status = status

    def wait(self, seconds: float, done) -> bool:
        """Reap until `done()` or until the time is over."""
        end = time.monotonic() + seconds
        while True:
            self.reap()
            if done():
                return True
            if time.monotonic() > end:
                return False
            signal.sigtimedwait({signal.SIGCHLD}, 0.05)

    def end(self, how: int, grace: float) -> None:
        """Ask the program, wait, then kill whatever is left of the tree."""
        if self.status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.main, how)
            self.wait(grace, lambda: self.status is not None)
        for _ in range(50):
            left = descendants(os.getpid())
            if self.status is None and self.main not in left:
                left.append(self.main)
            for pid in left:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            if not left:
                return
            self.wait(0.1, lambda: False)


def main(arguments: list[str]) -> int:
    parent, pid_fd, how = (int(text) for text in arguments[:3])
    grace, user, command = float(arguments[3]), arguments[4], arguments[6:]
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    os.set_inheritable(pid_fd, False)
    tree = Tree(command, user)
    with contextlib.suppress(OSError):
        os.write(pid_fd, b"%d\n" % tree.main)
        os.close(pid_fd)
    while True:
        got = signal.sigtimedwait(WATCHED, POLL_SECONDS)
        tree.reap()
        told = got is not None and got.si_signo != signal.SIGCHLD
        if told or tree.status is not None or os.getppid() != parent:
            break
    tree.end(how, grace)
    if tree.status is None:
        return 1
    code = os.waitstatus_to_exitcode(tree.status)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
