"""The confidence in every segment of a stack, gathered while its slabs go by."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from inference.confidence.confidence import Confidence
from inference.confidence.entropy import MeanEntropy
from inference.confidence.member_agreement import MemberAgreement
from inference.confidence.soft_dice import SoftDice

Labels = npt.NDArray[np.uint8]


class SegmentConfidence:
    """Soft Dice and entropy of the mean, and how the members agree: a few numbers, however long the stack."""

    def __init__(self, channels: Mapping[str, int], *, members: int = 1) -> None:
        """``channels``: label -> channel in the maps, in the order of the segments in the manifest."""
        self._names = tuple(channels)
        self._soft_dice = SoftDice(tuple(channels.values()))
        self._entropy = MeanEntropy(tuple(channels.values()))
        self._agreement = MemberAgreement(members=members, segments=len(channels))

    def add(self, probabilities: npt.NDArray[np.float32], labels: Labels) -> None:
        """Maps (..., channels) float32 with the label map (...) made from them: 0 background, k the k-th segment."""
        self._soft_dice.add(probabilities, labels)
        self._entropy.add(probabilities, labels)

    def add_members(self, members: Sequence[Labels]) -> None:
        """The label maps (...) of the same voxels made from each member's own maps."""
        self._agreement.add(members)

    def confidences(self) -> tuple[Confidence, ...]:
        """One for each segment, in their order; a segment that was nowhere marked has certainty 0."""
        return tuple(
            Confidence(
                label=label,
                certainty=certainty,
                kind="soft_dice",
                member_agreement=agreement,
                mean_entropy_bits=entropy,
            )
            for label, certainty, agreement, entropy in zip(
                self._names,
                self._soft_dice.values(),
                self._agreement.values(),
                self._entropy.values(),
                strict=True,
            )
        )
