"""What an expert knows of the anatomy, judged after the model has spoken: one rule a file.

The manifest's rules are judged in their order, each on what those before it have left. No rule speaks of a
segment that was not found, but ``number_of_parts``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from inference.postprocess.rules.area_between import area_between
from inference.postprocess.rules.excludes import excludes
from inference.postprocess.rules.inside import inside
from inference.postprocess.rules.mean_between import mean_between
from inference.postprocess.rules.number_of_parts import number_of_parts
from inference.postprocess.rules.on_side import on_side
from inference.postprocess.rules.scene import Breach, Scene, image_scene, volume_scene
from inference.postprocess.rules.volume_between import volume_between
from inference.volume.runs import Runs

Labels = npt.NDArray[np.uint8]
Voxels = npt.NDArray[np.float32]

RULES: Mapping[str, Callable[[Scene, Any], Breach | None]] = {
    "inside": inside,
    "number_of_parts": number_of_parts,
    "volume_between": volume_between,
    "area_between": area_between,
    "on_side": on_side,
    "mean_between": mean_between,
    "excludes": excludes,
}


@dataclass(frozen=True, kw_only=True)
class Firing:
    """A rule that was broken, or could not be judged: its name, the segment's label, what to tell the reader."""

    rule: str
    segment: str
    sentence: str
    action: Literal["flag", "remove"]


def judge_volume(
    labels: Labels,
    rules: Sequence[Any],
    *,
    names: Sequence[str],
    voxels: Voxels,
    affine: npt.NDArray[np.float64],
) -> tuple[Labels, tuple[Firing, ...]]:
    """Judge a (slices, rows, columns) label map on the source's grid; k stands for the k-th of ``names``.

    ``voxels`` are the source's, (slices, rows, columns) float32 in the modality's unit; ``affine`` as in
    Volume. Returns the label map without what was removed, and what fired, in the order of the rules.
    """
    if not rules:
        return labels, ()
    scene = volume_scene(labels, names, voxels, affine)
    firings, removed = _judge(scene, rules)
    if removed:
        labels = np.array(labels, order="C")
        for _, runs in removed:
            runs.fill(labels, 0)
    return labels, firings


def judge_image(
    layers: Labels,
    rules: Sequence[Any],
    *,
    names: Sequence[str],
    pixels: Voxels,
    pixel_mm2: float | None,
) -> tuple[Labels, tuple[Firing, ...]]:
    """The same for (rows, columns, segments) of 0 and 1, with ``pixels`` (rows, columns).

    ``pixel_mm2`` is the area of a pixel, None where the image does not say.
    """
    if not rules:
        return layers, ()
    firings, removed = _judge(image_scene(layers, names, pixels, pixel_mm2), rules)
    if removed:
        layers = layers.copy()
        for name, runs in removed:
            layers[..., list(names).index(name)].reshape(-1)[runs.flat] = 0
    return layers, firings


def _judge(scene: Scene, rules: Sequence[Any]) -> tuple[tuple[Firing, ...], list[tuple[str, Runs]]]:
    firings: list[Firing] = []
    removed: list[tuple[str, Runs]] = []
    for rule in rules:
        breach = RULES[rule.rule](scene, rule)
        if breach is None:
            continue
        offending = breach.offending if rule.on_breach == "remove" else None
        if offending is not None:
            removed.append((rule.segment, scene.segments[rule.segment].only(offending)))
            scene = scene.without(rule.segment, offending)
        firings.append(_firing(rule, breach, removes=offending is not None))
    return tuple(firings), removed


def _firing(rule: Any, breach: Breach, *, removes: bool) -> Firing:
    return Firing(
        rule=rule.rule,
        segment=rule.segment,
        sentence=f"{breach.sentence}; removed" if removes else breach.sentence,
        action="remove" if removes else "flag",
    )
