"""The receivers that are compared. Each is a name, a sentence on how it runs, and how to start it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.ingest.server import Server


@dataclass(frozen=True, kw_only=True)
class Peer:
    """One receiver. ``start`` gets an empty folder, and raises Missing or StartFailed.

    ``negotiates``: whether it answers any proposal; the C loop accepts one context, whatever it is.
    """

    name: str
    how: str
    start: Callable[[Path], Server]
    negotiates: bool = True
