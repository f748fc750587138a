"""One number about one segment."""

from dataclasses import dataclass

from inference.package.output import Kind


@dataclass(frozen=True, kw_only=True)
class Measured:
    """``value`` of ``kind`` for the segment of this label; ``unit`` in UCUM."""

    segment: str
    kind: Kind
    value: float
    unit: str
