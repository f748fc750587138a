"""What the gate says: accepted, flagged or refused, with every reason."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """``refusals``: the model must not speak. ``flags``: it may, and a human must look. A sentence for each.

    What is known (an attribute, a grid) refuses; what is only suspected from the picture flags.
    """

    refusals: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def verdict(self) -> Literal["accepted", "flagged", "refused"]:
        """The worst that is true."""
        if self.refusals:
            return "refused"
        return "flagged" if self.flags else "accepted"

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every reason, what refuses first."""
        return (*self.refusals, *self.flags)

    def __add__(self, other: "Judgement") -> "Judgement":
        return Judgement(refusals=self.refusals + other.refusals, flags=self.flags + other.flags)
