"""What a process holds of its machine: threads and descriptors, from /proc."""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LEDGER = "ledger.sqlite3"


@dataclass(frozen=True, kw_only=True)
class Belongings:
    """How many of each. Descriptors without those of the ledger: its connections are kept, a handful, for the next."""

    threads: int
    descriptors: int

    def is_within(self, other: "Belongings") -> bool:
        """Whether it is no more than ``other``, in both."""
        return self.threads <= other.threads and self.descriptors <= other.descriptors

    def __str__(self) -> str:
        return f"{self.threads} threads, {self.descriptors} descriptors"


def belongings_of(pid: int) -> Belongings:
    """What ``pid`` holds now."""
    threads = sum(1 for _ in Path(f"/proc/{pid}/task").iterdir())
    descriptors = sum(1 for opened in _opened(pid) if not opened.startswith(LEDGER))
    return Belongings(threads=threads, descriptors=descriptors)


def resting(pid: int, *, seconds: float = 3.0) -> Belongings:
    """What it holds at rest: when it has held the same for one second; at the latest after ``seconds``."""
    deadline = time.monotonic() + seconds
    last, since = belongings_of(pid), time.monotonic()
    while time.monotonic() < min(deadline, since + 1.0):
        time.sleep(0.1)
        now = belongings_of(pid)
        if now != last:
            last, since = now, time.monotonic()
    return last


def seconds_until_within(pid: int, base: Belongings, *, at_most_seconds: float) -> float | None:
    """How long until it holds no more than ``base``; None when it still does after ``at_most_seconds``."""
    began = time.monotonic()
    while not belongings_of(pid).is_within(base):
        if time.monotonic() - began > at_most_seconds:
            return None
        time.sleep(0.01)
    return time.monotonic() - began


def _opened(pid: int) -> Iterator[str]:
    """The name of what each descriptor leads to, without its folder: a file, ``socket:[…]``, ``pipe:[…]`` …"""
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            yield descriptor.readlink().name
