"""A segment's volume is what anatomy allows."""

import numpy as np

from inference.package.rules import VolumeBetween
from inference.postprocess.rules.limits import between, figure, is_between
from inference.postprocess.rules.scene import Breach, Scene, not_judged


def volume_between(scene: Scene, rule: VolumeBetween) -> Breach | None:
    """Fires where the segment as a whole is smaller or larger than declared, in mL; at fault is all of it."""
    runs, expected = scene.segments[rule.segment], between(rule.at_least_ml, rule.at_most_ml, "mL")
    if not runs.voxels:
        return None
    if scene.voxel_mm3 is None:
        return not_judged(rule.segment, f"has a volume of {expected}", "an image has no volume")
    millilitres = runs.voxels * scene.voxel_mm3 / 1000
    if is_between(millilitres, rule.at_least_ml, rule.at_most_ml):
        return None
    sentence = f"{rule.segment} has a volume of {figure(millilitres)} mL, expected {expected}"
    return Breach(sentence=sentence, offending=np.ones(len(runs.start), np.bool_))
