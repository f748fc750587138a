"""Do the members of an ensemble mark the same?"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.uint8]


class MemberAgreement:
    """Dice between the members, pair by pair, of label maps that come a slab at a time."""

    def __init__(self, *, members: int, segments: int) -> None:
        self._segments = segments
        self._sizes = np.zeros((members, segments), np.int64)
        self._shared = {pair: np.zeros(segments, np.int64) for pair in combinations(range(members), 2)}

    def add(self, members: Sequence[Labels]) -> None:
        """The same voxels as each member labels them, (...) each: 0 background, k the k-th segment.

        Raises ValueError where there are not as many as members.
        """
        for sizes, labels in zip(self._sizes, members, strict=True):
            sizes += self._count(labels.reshape(-1))
        for (one, other), shared in self._shared.items():
            first, second = members[one].reshape(-1), members[other].reshape(-1)
            shared += self._count(first[first == second])

    def values(self) -> tuple[float | None, ...]:
        """For each segment the mean Dice over all pairs; None where no member marked it.

        A member that marked nothing of what another marked has Dice 0 with it; two that both marked nothing agree.
        """
        return tuple(self._value(segment) for segment in range(self._segments))

    def _count(self, labels: Labels) -> npt.NDArray[np.int64]:
        found: npt.NDArray[np.int64] = np.bincount(labels, minlength=self._segments + 1)[1:]
        return found

    def _value(self, segment: int) -> float | None:
        if not self._shared or not self._sizes[:, segment].any():
            return None
        return float(np.mean([self._dice(pair, segment) for pair in self._shared]))

    def _dice(self, pair: tuple[int, int], segment: int) -> float:
        total = int(self._sizes[list(pair), segment].sum())
        return 2 * int(self._shared[pair][segment]) / total if total else 1.0
