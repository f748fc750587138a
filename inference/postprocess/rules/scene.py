"""What a rule looks at, and what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from inference.postprocess.rules.limits import figure
from inference.volume.connected import Parts
from inference.volume.runs import Runs, runs_of_labels, runs_of_mask


@dataclass(frozen=True, kw_only=True)
class Breach:
    """``sentence`` for the reader; ``offending`` (runs,) are the segment's runs at fault, None: none in particular."""

    sentence: str
    offending: npt.NDArray[np.bool_] | None = None


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The segments by label, on the source's grid, with the source itself.

    ``voxels`` is (slices, rows, columns) in the modality's unit; an image is one slice. The segments of a
    volume never overlap, those of an image may. ``affine`` is (4, 4) as in Volume, for volumes; ``pixel_mm2``
    is for images that say it.
    """

    segments: Mapping[str, Runs]
    voxels: npt.NDArray[np.float32]
    is_volume: bool
    affine: npt.NDArray[np.float64] | None = None
    pixel_mm2: float | None = None

    def without(self, segment: str, offending: npt.NDArray[np.bool_]) -> "Scene":
        """The scene after these runs of the segment were removed."""
        return replace(self, segments={**self.segments, segment: self.segments[segment].only(~offending)})

    @property
    def voxel_mm3(self) -> float | None:
        """The volume of a voxel."""
        return None if self.affine is None else abs(float(np.linalg.det(self.affine[:3, :3])))

    def size(self, voxels: int) -> str:
        """How large so many voxels are, in words."""
        if self.voxel_mm3 is not None:
            return f"{figure(voxels * self.voxel_mm3 / 1000)} mL"
        return f"{voxels} pixels" if self.pixel_mm2 is None else f"{figure(voxels * self.pixel_mm2)} mm2"


def volume_scene(
    labels: npt.NDArray[np.uint8],
    names: Sequence[str],
    voxels: npt.NDArray[np.float32],
    affine: npt.NDArray[np.float64],
) -> Scene:
    """Of a (slices, rows, columns) label map: k stands for the k-th of ``names``."""
    runs = runs_of_labels(labels, len(names))
    segments = dict(zip(names, runs, strict=True))
    return Scene(segments=segments, voxels=voxels, is_volume=True, affine=affine)


def image_scene(
    layers: npt.NDArray[np.uint8],
    names: Sequence[str],
    pixels: npt.NDArray[np.float32],
    pixel_mm2: float | None,
) -> Scene:
    """Of (rows, columns, segments) of 0 and 1, in the order of ``names``."""
    segments = {name: runs_of_mask(layers[..., k]) for k, name in enumerate(names)}
    return Scene(segments=segments, voxels=pixels[np.newaxis], is_volume=False, pixel_mm2=pixel_mm2)


def not_judged(segment: str, expected: str, why: str) -> Breach:
    """What a rule says that cannot be judged: the reader must not take silence for consent."""
    return Breach(sentence=f"whether {segment} {expected} could not be judged: {why}")


def breach_of_parts(
    scene: Scene, segment: str, parts: Parts, is_wrong: npt.NDArray[np.bool_], what: str
) -> Breach | None:
    """``1 of 3 parts of Tumour (0.2 mL) …``: where (parts,) ``is_wrong`` holds for some; None where for none."""
    if not is_wrong.any():
        return None
    size = scene.size(int(parts.voxels[is_wrong].sum()))
    some = f"{np.count_nonzero(is_wrong)} of {len(is_wrong)} parts of " if len(is_wrong) > 1 else ""
    return Breach(sentence=f"{some}{segment} ({size}): {what}", offending=is_wrong[parts.number])
