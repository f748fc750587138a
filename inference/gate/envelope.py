"""Does the image look like those the model learnt from?"""

import numpy as np
import numpy.typing as npt

from inference.gate.sample import sampled
from inference.package.envelope import Envelope


def reasons_outside(prepared: npt.NDArray[np.float32], envelope: Envelope | None) -> tuple[str, ...]:
    """One sentence for each percentile of the preprocessed image that lies outside of the package's envelope.

    ``prepared`` is (rows, columns) or (slices, rows, columns); of a volume a sample is looked at.
    """
    if envelope is None:
        return ()
    values = np.percentile(sampled(prepared) if prepared.ndim == 3 else prepared, envelope.percentiles)
    limits = zip(envelope.percentiles, values, envelope.lowest, envelope.highest, strict=True)
    return tuple(
        f"unlike the training images: percentile {p:g} of the image is {value:.3f}, seen were {low:.3f} to {high:.3f}"
        for p, value, low, high in limits
        if not low <= value <= high
    )
