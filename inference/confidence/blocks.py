"""Large maps, a block at a time: what is worked out beside them stays small."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

BLOCK_VOXELS = 1 << 15
"""So many stay in the processor's cache."""


def blocks(
    maps: npt.NDArray[np.float32], labels: npt.NDArray[np.uint8]
) -> Iterator[tuple[npt.NDArray[Any], npt.NDArray[np.uint8]]]:
    """(..., channels) and (...) as pieces (n, channels) and (n,), which share their memory where they can."""
    flat_maps, flat_labels = maps.reshape(-1, maps.shape[-1]), labels.reshape(-1)
    for start in range(0, len(flat_labels), BLOCK_VOXELS):
        yield flat_maps[start : start + BLOCK_VOXELS], flat_labels[start : start + BLOCK_VOXELS]
