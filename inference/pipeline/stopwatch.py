"""How long each station took."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

STATIONS = ("load", "gate", "preprocess", "predict", "postprocess", "encode")


class Stopwatch:
    """Adds up the wall seconds of each station; a station may be entered more than once."""

    def __init__(self) -> None:
        self._seconds = dict.fromkeys(STATIONS, 0.0)

    @contextmanager
    def station(self, name: str) -> Iterator[None]:
        """Count the time inside the ``with`` block to this station."""
        began = time.monotonic()
        try:
            yield
        finally:
            self._seconds[name] += time.monotonic() - began

    @property
    def seconds(self) -> Mapping[str, float]:
        """Seconds by station, so far."""
        return MappingProxyType(dict(self._seconds))
