"""A segment's area is what anatomy allows."""

import numpy as np

from inference.package.rules import AreaBetween
from inference.postprocess.rules.limits import between, figure, is_between
from inference.postprocess.rules.scene import Breach, Scene, not_judged


def area_between(scene: Scene, rule: AreaBetween) -> Breach | None:
    """Fires where the segment as a whole is smaller or larger than declared, in mm2; at fault is all of it."""
    runs, expected = scene.segments[rule.segment], between(rule.at_least_mm2, rule.at_most_mm2, "mm2")
    if not runs.voxels:
        return None
    if scene.pixel_mm2 is None:
        why = "a volume has no area" if scene.is_volume else "the image gives no pixel spacing"
        return not_judged(rule.segment, f"has an area of {expected}", why)
    area = runs.voxels * scene.pixel_mm2
    if is_between(area, rule.at_least_mm2, rule.at_most_mm2):
        return None
    sentence = f"{rule.segment} has an area of {figure(area)} mm2, expected {expected}"
    return Breach(sentence=sentence, offending=np.ones(len(runs.start), np.bool_))
