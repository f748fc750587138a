"""envelope.npz: what the images a model was trained on look like.

Limits on a few percentiles of the preprocessed image; and, where enough images were at hand, a thumbnail of each, by
which the gate knows a picture that is upside down, inverted, or of something else. A thumbnail has eight points
along an axis and shows nobody.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inference.errors import PackageInvalid
from inference.package.arrays import Expected, read_arrays

THUMBNAIL = 8
"""Points along each axis of a thumbnail."""
MOST_THUMBNAILS = 512

_ARRAYS: Expected = {
    "percentiles": (1, "fiu"),
    "lowest": (1, "fiu"),
    "highest": (1, "fiu"),
    "thumbnails": ((3, 4), "f"),
    "least_alike": (0, "f"),
}

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """Limits for percentiles of the preprocessed image, both included; all three of shape (n,), float32.

    ``thumbnails``: (m, 8, 8) of projections or (m, 8, 8, 8) of volumes, float32, each with mean 0 and norm 1, as
    ``gate.layout`` draws them; None where there are none. ``least_alike``: -1 to 1, the least likeness to the
    thumbnails that an image may have.
    """

    percentiles: Floats
    lowest: Floats
    highest: Floats
    thumbnails: Floats | None = None
    least_alike: float = -1.0


def read_envelope(folder: Path) -> Envelope | None:
    """Read ``folder/envelope.npz``; None where the package declares no envelope. Raises PackageInvalid."""
    path = folder / "envelope.npz"
    if not path.exists():
        return None
    arrays = read_arrays(path, _ARRAYS, may_lack=("thumbnails", "least_alike"))
    envelope = Envelope(
        percentiles=arrays["percentiles"].astype(np.float32),
        lowest=arrays["lowest"].astype(np.float32),
        highest=arrays["highest"].astype(np.float32),
        thumbnails=arrays["thumbnails"].astype(np.float32) if "thumbnails" in arrays else None,
        least_alike=float(arrays.get("least_alike", -1.0)),
    )
    if reason := _reason_senseless(envelope):
        raise PackageInvalid(f"{path}: {reason}")
    return envelope


def _reason_senseless(envelope: Envelope) -> str | None:
    if len({len(envelope.percentiles), len(envelope.lowest), len(envelope.highest)}) != 1:
        return "percentiles, lowest and highest differ in length"
    if not ((envelope.percentiles >= 0) & (envelope.percentiles <= 100)).all():
        return "a percentile lies between 0 and 100"
    if not (envelope.lowest <= envelope.highest).all():
        return "a lowest value lies above its highest"
    if not -1 <= envelope.least_alike <= 1:
        return "least_alike lies between -1 and 1"
    return None if envelope.thumbnails is None else _reason_no_thumbnails(envelope.thumbnails)


def _reason_no_thumbnails(thumbnails: Floats) -> str | None:
    if set(thumbnails.shape[1:]) != {THUMBNAIL} or len(thumbnails) > MOST_THUMBNAILS:
        return f"thumbnails have {THUMBNAIL} points along each axis, and there are at most {MOST_THUMBNAILS}"
    norms = np.linalg.norm(thumbnails.reshape(len(thumbnails), -1), axis=1)
    return None if np.allclose(norms, 1, atol=0.01) else "a thumbnail has the norm 1"
