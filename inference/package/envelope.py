"""envelope.npz: what the images a model was trained on look like, as limits on a few percentiles."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inference.errors import PackageInvalid
from inference.package.arrays import read_arrays


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """Limits for percentiles of the preprocessed image, both included; all three of shape (n,), float32."""

    percentiles: npt.NDArray[np.float32]
    lowest: npt.NDArray[np.float32]
    highest: npt.NDArray[np.float32]


def read_envelope(folder: Path) -> Envelope | None:
    """Read ``folder/envelope.npz``; None where the package declares no envelope. Raises PackageInvalid."""
    path = folder / "envelope.npz"
    if not path.exists():
        return None
    arrays = read_arrays(path, dict.fromkeys(("percentiles", "lowest", "highest"), (1, "fiu")))
    envelope = Envelope(**{name: array.astype(np.float32) for name, array in arrays.items()})
    if len({len(array) for array in arrays.values()}) != 1:
        raise PackageInvalid(f"{path}: percentiles, lowest and highest differ in length")
    if not ((envelope.percentiles >= 0) & (envelope.percentiles <= 100)).all():
        raise PackageInvalid(f"{path}: a percentile lies between 0 and 100")
    if not (envelope.lowest <= envelope.highest).all():
        raise PackageInvalid(f"{path}: a lowest value lies above its highest")
    return envelope
