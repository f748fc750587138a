"""What is told of one finding's certainty, to the report and to the ledger."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Confidence:
    """How sure the model is of one segment, class or box.

    ``label``: as the manifest names it. ``certainty``: 0..1, what stands as Certainty of Finding (DCM 111012, 0 to
    100 % there); ``kind`` says what it is. Of an ensemble also ``member_agreement``, the mean Dice between its
    members. ``mean_entropy_bits``: inside the segment, 0 sure to 1 open. None where it does not apply.
    """

    label: str
    certainty: float
    kind: Literal["soft_dice", "calibrated_probability"]
    member_agreement: float | None = None
    mean_entropy_bits: float | None = None

    def as_note(self) -> dict[str, str | float]:
        """For the ledger, which keeps JSON: the keys of this class, without those that do not apply."""
        note: dict[str, str | float] = {"label": self.label, "certainty": self.certainty, "kind": self.kind}
        if self.member_agreement is not None:
            note["member_agreement"] = self.member_agreement
        if self.mean_entropy_bits is not None:
            note["mean_entropy_bits"] = self.mean_entropy_bits
        return note
