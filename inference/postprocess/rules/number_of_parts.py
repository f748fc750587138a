"""So many connected parts a segment has, and no others."""

import numpy as np

from inference.package.rules import NumberOfParts
from inference.postprocess.rules.scene import Breach, Scene
from inference.volume.connected import parts_of


def number_of_parts(scene: Scene, rule: NumberOfParts) -> Breach | None:
    """Fires where there are fewer or more parts than declared; at fault are the smallest of too many."""
    parts = parts_of(scene.segments[rule.segment])
    found = f"{len(parts.voxels)} parts of {rule.segment} were found"
    if len(parts.voxels) < rule.at_least:
        return Breach(sentence=f"{found}, expected at least {rule.at_least}")
    if rule.at_most is not None and len(parts.voxels) > rule.at_most:
        is_too_many = ~np.isin(parts.number, parts.largest(rule.at_most))
        return Breach(sentence=f"{found}, expected at most {rule.at_most}", offending=is_too_many)
    return None
