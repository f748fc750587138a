"""Is as much of the image marked as the model's authors would believe?"""

import numpy as np
import numpy.typing as npt

from inference.package.manifest import Gate

Labels = npt.NDArray[np.uint8]


def reasons_unlikely(labels: Labels, names: tuple[str, ...], gate: Gate) -> tuple[str, ...]:
    """Why the result deserves a second look: nothing found of a segment, or too little or too much in all.

    ``labels`` is (rows, columns, segments) of 0 and 1; ``names`` are the segments' labels.
    """
    missing = [f"nothing was found of {name}" for k, name in enumerate(names) if not labels[..., k].any()]
    return (*missing, *_reasons_of_share(float(labels.any(axis=-1).mean()), "image", gate))


def reasons_volume_unlikely(labels: Labels, names: tuple[str, ...], gate: Gate) -> tuple[str, ...]:
    """The same of a label map (slices, rows, columns), where k is the k-th of ``names`` and 0 the background."""
    # Not by bincount, which makes eight bytes of each voxel first.
    counts = [int(np.count_nonzero(labels == k)) for k in range(1, len(names) + 1)]
    missing = [f"nothing was found of {name}" for name, count in zip(names, counts, strict=True) if not count]
    return (*missing, *_reasons_of_share(sum(counts) / labels.size, "volume", gate))


def _reasons_of_share(share: float, whole: str, gate: Gate) -> tuple[str, ...]:
    if gate.smallest_fraction <= share <= gate.largest_fraction:
        return ()
    expected = f"{gate.smallest_fraction:.1%} to {gate.largest_fraction:.1%}"
    return (f"the result fills {share:.1%} of the {whole}, expected are {expected}",)
