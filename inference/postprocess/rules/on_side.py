"""What belongs to one side of the body lies there."""

import numpy as np
import numpy.typing as npt

from inference.package.rules import OnSide
from inference.postprocess.rules.scene import Breach, Scene, breach_of_parts, not_judged
from inference.volume.connected import Parts, parts_of
from inference.volume.runs import Runs

SAMPLES = 128
"""Along each axis the body is looked at in at most so many places: its middle needs no more."""


def on_side(scene: Scene, rule: OnSide) -> Breach | None:
    """Fires for the parts whose centre lies on the other side of the middle of the body.

    Left and right are the patient's (LPS, PS3.3 C.7.6.2.1.1). The middle is the median, from right to left, of
    the voxels above ``rule.body_above``.
    """
    runs = scene.segments[rule.segment]
    if not runs.voxels:
        return None
    if scene.affine is None:
        return not_judged(rule.segment, f"lies on the {rule.side}", "the image has no patient coordinates")
    middle_mm = _middle(scene.voxels, scene.affine, rule.body_above)
    if middle_mm is None:
        why = f"no body above {rule.body_above:g} was found"
        return not_judged(rule.segment, f"lies on the {rule.side}", why)
    parts = parts_of(runs)
    leftwards_mm = _centres(runs, parts, scene.affine) - middle_mm
    is_wrong = leftwards_mm <= 0 if rule.side == "left" else leftwards_mm >= 0
    what = f"not on the patient's {rule.side} of the middle of the body"
    return breach_of_parts(scene, rule.segment, parts, is_wrong, what)


def _middle(voxels: npt.NDArray[np.float32], affine: npt.NDArray[np.float64], above: float) -> float | None:
    steps = [-(-size // SAMPLES) for size in voxels.shape]
    body = np.argwhere(voxels[tuple(slice(None, None, step) for step in steps)] > above) * steps
    return float(np.median(body @ affine[0, :3] + affine[0, 3])) if len(body) else None


def _centres(runs: Runs, parts: Parts, affine: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(parts,): how far towards the patient's left the centre of each part lies, in mm."""
    middles = np.stack([runs.slices, runs.rows, runs.columns + (runs.length - 1) / 2], axis=1)
    along = middles @ affine[0, :3] + affine[0, 3]
    sums = np.bincount(parts.number, weights=along * runs.length, minlength=len(parts.voxels))
    return np.asarray(sums / parts.voxels)
