"""MixUp: two images added (Zhang et al., arXiv:1710.09412)."""

import numpy as np
import numpy.typing as npt

Images = npt.NDArray[np.float32]


def mixup(images: Images, partners: Images, share: float, rng: np.random.Generator) -> tuple[Images, float]:
    """``share`` of each image and the rest of its partner; returns the share that is kept."""
    del rng
    return np.float32(share) * images + np.float32(1.0 - share) * partners, share
