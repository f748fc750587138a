"""Chance that can be had again: all that is random in a case comes from its seed and its number."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Choice = TypeVar("Choice")

MARK = "Fuzzed^Patient"
"""Stands in values that a log must never tell."""

HOSTILE_TEXTS = (
    b"",
    b"\0",
    b".",
    b"..",
    b"../../../../escaped",
    b"/tmp/escaped-from-the-spool",
    b"1." * 33 + b"1",
    b"1.2\0.3",
    b"1.2\r\n2026-01-01 00:00:00,000 receive ERROR forged",
    MARK.encode(),
    b"\x1b[2J\x1b[31m",
    "１.２.３".encode(),
    b"\xff\xfe\xfd",
    b"%s%n{}",
    b"1.2.3 ",
    b" 1.2.3",
    b"1..2",
    b"0" * 64,
    b"9" * 5000,
    b"con.dcm/../x",
    b"1.2\\1.3",
)

EDGES = (0, 1, 2, 3, 4, 5, 6, 7, 8, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF, 0x10000, 0x1FFFF)
LONG_EDGES = (*EDGES, 0x20000, 0x100000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)


class Chance(Random):
    """A source of chance for one case."""

    def happens(self, probability: float) -> bool:
        """Whether it happens this time."""
        return self.random() < probability

    def text(self) -> bytes:
        """A text that means harm."""
        return self.choice(HOSTILE_TEXTS)

    def short(self) -> int:
        """A 16-bit number, mostly at an edge."""
        return self.choice(EDGES) & 0xFFFF if self.happens(0.7) else self.randrange(1 << 16)

    def long(self) -> int:
        """A 32-bit number, mostly at an edge."""
        return self.choice(LONG_EDGES) if self.happens(0.7) else self.randrange(1 << 32)

    def noise(self, at_most: int) -> bytes:
        """Bytes of any kind."""
        return self.randbytes(self.randrange(at_most + 1))

    def one_of(self, *choices: Choice) -> Choice:
        """One of these."""
        return self.choice(choices)

    def damaged(self, content: bytes) -> bytes:
        """The same with a few bytes changed, taken out, doubled or put in."""
        broken = bytearray(content)
        for _ in range(self.one_of(1, 1, 2, 4, 16)):
            at = self.randrange(len(broken) + 1)
            match self.randrange(5):
                case 0 if at < len(broken):
                    broken[at] = self.one_of(0, 1, 0x7F, 0x80, 0xFF, self.randrange(256))
                case 1:
                    del broken[at : at + self.randrange(1, 9)]
                case 2:
                    broken[at:at] = self.noise(8)
                case 3:
                    broken[at:at] = broken[at : at + self.randrange(1, 40)]
                case _ if at < len(broken):
                    broken[at] ^= 1 << self.randrange(8)
        return bytes(broken)

    def slices(self, content: bytes) -> Sequence[bytes]:
        """The content in a few pieces, as a network may cut it."""
        cuts = sorted(self.randrange(len(content) + 1) for _ in range(self.one_of(0, 0, 1, 2, 6)))
        return [content[a:b] for a, b in zip([0, *cuts], [*cuts, len(content)], strict=True) if a < b]
