"""envelope.npz: the greys and layouts that training images have after preprocessing, with a margin."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.gate.layout import likeness, thumbnail_of
from inference.gate.sample import sampled
from inference.package.envelope import MOST_THUMBNAILS
from inference.package.steps import PreprocessStep
from inference.preprocess import preprocess
from inference.preprocess.field import Field

Plane = npt.NDArray[np.float32]

PERCENTILES = (1, 5, 25, 50, 75, 95, 99)
MARGIN = 0.20
"""Of the range that the percentiles of all images span, on both sides. With half of it two of 114 chest radiographs
of patients kept out fell outside, with this none; a blank image still does."""
FEW_MARGIN = 0.35
"""The same where fewer than LEAST_THUMBNAILS inputs were at hand: they show little of what others look like."""
LIKENESS_MARGIN = 0.15
"""Below the likeness of the training image that is least like the others."""
LEAST_THUMBNAILS = 12
"""From fewer images nothing is said of layouts."""
NARROWEST = 0.8
"""Shorter to longer side of an upright or lying film; these data are square, what is served is not."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """What is kept of one input: ``percentiles`` (formats, 7) after preprocessing, and its ``thumbnail``."""

    percentiles: npt.NDArray[np.float64]
    thumbnail: Plane


def write_envelope(path: Path, fields: Iterable[Field], steps: Sequence[PreprocessStep]) -> int:
    """Write envelope.npz from inputs before preprocessing, and return how many there were."""
    looks = [look_at(field, steps) for field in fields]
    write_looks(path, looks)
    return len(looks)


def look_at(field: Field, steps: Sequence[PreprocessStep]) -> Look:
    """A projection counts as it is and cut to upright and lying format, since padding to a square adds black."""
    prepared = [preprocess(cut, steps)[0] for cut in formats(field)]
    return Look(
        percentiles=np.array([np.percentile(_few(each.values), PERCENTILES) for each in prepared]),
        thumbnail=thumbnail_of(prepared[0].values, prepared[0].affine),
    )


def write_looks(path: Path, looks: Sequence[Look]) -> None:
    """Write limits, float32 of shape (7,), and, where the looks are enough, thumbnails."""
    limits = _limits(np.concatenate([look.percentiles for look in looks]), len(looks))
    np.savez_compressed(path, **limits, **_layouts([look.thumbnail for look in looks]))


def formats(field: Field) -> Iterator[Field]:
    """The field itself; of a projection also its middle columns (upright) and its middle rows (lying)."""
    yield field
    if field.affine is not None:
        return
    picture = field.values
    rows, columns = picture.shape
    across, down = round((1 - NARROWEST) / 2 * columns), round((1 - NARROWEST) / 2 * rows)
    yield Field(values=picture[:, across : columns - across], affine=None)
    yield Field(values=picture[down : rows - down], affine=None)


def _few(values: Plane) -> Plane:
    """What the gate looks at: all of an image, a sample of a volume."""
    return sampled(values) if values.ndim == 3 else values


def _limits(seen: npt.NDArray[np.float64], count: int) -> dict[str, Any]:
    margin = (MARGIN if count >= LEAST_THUMBNAILS else FEW_MARGIN) * (seen.max() - seen.min())
    return {
        "percentiles": np.array(PERCENTILES, np.float32),
        "lowest": (seen.min(axis=0) - margin).astype(np.float32),
        "highest": (seen.max(axis=0) + margin).astype(np.float32),
    }


def _layouts(thumbnails: Sequence[Plane]) -> dict[str, Any]:
    if len(thumbnails) < LEAST_THUMBNAILS:
        return {}
    kept = np.stack(thumbnails[:: -(-len(thumbnails) // MOST_THUMBNAILS)])
    each = [likeness(kept[k], np.delete(kept, k, axis=0)) for k in range(len(kept))]
    least = max(-1.0, min(each) - LIKENESS_MARGIN)
    return {"thumbnails": kept, "least_alike": np.array(least, np.float32)}
