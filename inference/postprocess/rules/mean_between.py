"""A segment is made of what the modality measures in that tissue."""

import numpy as np

from inference.package.rules import MeanBetween
from inference.postprocess.rules.limits import between, is_between
from inference.postprocess.rules.scene import Breach, Scene, breach_of_parts
from inference.volume.connected import parts_of


def mean_between(scene: Scene, rule: MeanBetween) -> Breach | None:
    """Fires for the parts in which the mean of the source's voxels is not within the limits (HU for CT)."""
    runs = scene.segments[rule.segment]
    parts = parts_of(runs)
    belongs_to = np.repeat(parts.number, runs.length)
    values = scene.voxels.reshape(-1)[runs.flat]
    means = np.bincount(belongs_to, weights=values, minlength=len(parts.voxels)) / parts.voxels
    is_wrong = np.array([not is_between(mean, rule.at_least, rule.at_most) for mean in means], np.bool_)
    what = f"the mean is not {between(rule.at_least, rule.at_most, '')}"
    return breach_of_parts(scene, rule.segment, parts, is_wrong, what)
