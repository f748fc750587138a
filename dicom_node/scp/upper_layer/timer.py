"""A timer that no step of the wall clock moves, for the two pynetdicom keeps by that clock.

Set forward by two minutes, the wall clock would abort every association at once; set back, none that is idle.
"""

import time


class Timer:
    """Expires ``timeout`` seconds after it was started; None is never. As in PS3.8 section 9.1.5 (ARTIM)."""

    def __init__(self, timeout: float | None) -> None:
        self.timeout = timeout
        self._started_at: float | None = None

    @property
    def expired(self) -> bool:
        """Whether it runs, and has run for longer than its timeout."""
        if self.timeout is None or self._started_at is None:
            return False
        return time.monotonic() - self._started_at > self.timeout

    def start(self) -> None:
        """Run from now on, whether it ran before or not."""
        self._started_at = time.monotonic()

    restart = start

    def stop(self) -> None:
        """Run no more, and so never expire until it is started again."""
        self._started_at = None
