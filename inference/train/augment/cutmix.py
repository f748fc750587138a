"""CutMix: a rectangle of one image put into the other (Yun et al., arXiv:1905.04899)."""

import numpy as np
import numpy.typing as npt

Images = npt.NDArray[np.float32]


def cutmix(images: Images, partners: Images, share: float, rng: np.random.Generator) -> tuple[Images, float]:
    """A box (in volumes a block) of 1 - ``share`` of the grid comes from the partner, around a point drawn evenly.

    What of it would lie outside is cut off. Returns the share that is kept, counted in voxels.
    """
    shape = np.array(images.shape[1:-1])
    half = shape * (1.0 - share) ** (1.0 / len(shape)) / 2
    centre = rng.uniform(0, shape)
    first = np.clip(np.rint(centre - half), 0, shape).astype(int)
    last = np.clip(np.rint(centre + half), 0, shape).astype(int)
    box = (slice(None), *(slice(start, stop) for start, stop in zip(first, last, strict=True)))
    mixed = images.copy()
    mixed[box] = partners[box]
    return mixed, float(1.0 - np.prod(last - first) / np.prod(shape))
