"""One number the inference is held to: what was measured, and the bar."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """``measured`` must be at most ``bar``; ``detail`` says from what it came."""

    said: str
    measured: float
    bar: float
    detail: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the bar was kept."""
        return self.measured <= self.bar

    def __str__(self) -> str:
        missed = "" if self.is_met else "  NOT MET"
        detail = f"; {self.detail}" if self.detail else ""
        return f"{self.said}: {self.measured:.3g} (bar: at most {self.bar:g}{detail}){missed}"
