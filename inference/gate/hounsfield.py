"""Are the values of a CT what the Hounsfield scale means: air at -1000, water at 0?

An MR sent as CT, a lost Rescale Intercept and inverted intensities all show here, before any network looks.
"""

import numpy as np
import numpy.typing as npt

from inference.gate.sample import sampled

THIN, SOFT, DENSE = -500.0, (-200.0, 300.0), 1800.0
"""HU: below it only air and lung; fat, muscle, organs and blood; above it only metal and the hardest bone."""
LEAST_THIN, LEAST_SOFT, MOST_DENSE = 0.002, 0.02, 0.10
"""Shares of the volume. Even a head in a tight field has sinuses; even a chest has a heart."""


def reasons_not_hounsfield(voxels: npt.NDArray[np.float32]) -> tuple[str, ...]:
    """Why (slices, rows, columns) ``voxels`` cannot be Hounsfield units; empty where they can."""
    seen = sampled(voxels)
    thin = float((seen < THIN).mean())
    soft = float(((seen > SOFT[0]) & (seen < SOFT[1])).mean())
    dense = float((seen > DENSE).mean())
    found = (
        _reason(thin < LEAST_THIN, thin, f"below {THIN:g} HU, where air is"),
        _reason(soft < LEAST_SOFT, soft, f"between {SOFT[0]:g} and {SOFT[1]:g} HU, where soft tissue is"),
        _reason(dense > MOST_DENSE, dense, f"above {DENSE:g} HU, where only metal is"),
    )
    return tuple(reason for reason in found if reason)


def _reason(holds: bool, share: float, where: str) -> str | None:
    if not holds:
        return None
    return f"the values are no Hounsfield units (another modality, or inverted?): {share:.1%} of them lie {where}"
