"""Is there room for another instance? Asked before it is received, so that the disk never fills to its brim."""

import os
from collections.abc import Callable
from pathlib import Path

LOOK_AGAIN_AFTER_SECONDS = 1.0


class Room:
    """The room on the disk under ``folder``; there is some while more than ``keep_free_bytes`` are free.

    The disk is looked at once a second: ``clock`` gives seconds that only go forward.
    """

    def __init__(self, folder: Path, *, keep_free_bytes: int, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._keep_free_bytes = keep_free_bytes
        self._clock = clock
        self._looked_at = float("-inf")
        self._is_left = True

    def is_left(self) -> bool:
        """Whether an instance may come in."""
        now = self._clock()
        if now - self._looked_at >= LOOK_AGAIN_AFTER_SECONDS:
            self._looked_at = now
            self._is_left = free_bytes(self._folder) > self._keep_free_bytes
        return self._is_left


def free_bytes(folder: Path) -> int:
    """What an ordinary user may still write on the disk under ``folder``."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize
