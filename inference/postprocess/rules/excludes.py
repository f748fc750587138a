"""Two segments that anatomy keeps apart."""

import numpy as np
import numpy.typing as npt

from inference.package.rules import Excludes
from inference.postprocess.rules.scene import Breach, Scene, breach_of_parts
from inference.volume.connected import meetings, parts_of
from inference.volume.runs import Runs


def excludes(scene: Scene, rule: Excludes) -> Breach | None:
    """Fires for the parts of ``rule.segment`` that overlap ``rule.other``, or have a side in common with it."""
    runs, other = scene.segments[rule.segment], scene.segments[rule.other]
    is_meeting = _overlaps(runs, other)
    if rule.touching == "forbidden":
        is_meeting |= _touches(runs, other)
    parts = parts_of(runs)
    is_wrong = np.bincount(parts.number, weights=is_meeting, minlength=len(parts.voxels)) > 0
    verb = "touches" if rule.touching == "forbidden" else "overlaps"
    return breach_of_parts(scene, rule.segment, parts, is_wrong, f"{verb} {rule.other}")


def _overlaps(runs: Runs, other: Runs) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(runs.start), np.bool_)
    found[meetings(runs, other, None)[0]] = True
    return found


def _touches(runs: Runs, other: Runs) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(runs.start), np.bool_)
    for axis in range(3):
        found[meetings(runs, other, axis)[0]] = True
        found[meetings(other, runs, axis)[1]] = True
    return found
