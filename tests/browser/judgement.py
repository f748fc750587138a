"""Is what a viewer shows what was found?"""

import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from tests.browser.truth import TrueMark, TrueSegment
from tests.browser.viewer import ShownSegment, Viewer

# A colour goes through CIELab of 16 bits (PS3.3 C.10.7.1.1) and back.
COLOUR_TOLERANCE = 2
# The viewer draws half a pixel to the lower right of where SCOORD says; an outline of 60 points cuts round corners.
PIXELS = 1.5
ALIKE = 0.9
PAINTED_SECONDS = 30


def judge_segments(viewer: Viewer, truth: list[TrueSegment]) -> None:
    """Every segment once, under its label, in its colour, on its images and no others, voxel by voxel."""
    shown = viewer.segments()
    assert sorted(each.label for each in shown) == sorted(each.segment.label for each in truth)
    for each in truth:
        (found,) = [one for one in shown if one.label == each.segment.label]
        _judge_voxels(found, each)
        assert np.abs(np.subtract(found.colour, each.segment.colour_rgb)).max() <= COLOUR_TOLERANCE, (
            f"{found.label} is shown in {found.colour}, not in {each.segment.colour_rgb}"
        )


def judge_overlay(viewer: Viewer, truth: list[TrueSegment]) -> None:
    """On the screen itself, where each segment is widest, its colour lies over the image."""
    for each in truth:
        viewer.scroll_to(each.largest)
        place, colour = _innermost(each, truth), each.segment.colour_rgb

        def reason_not_seen(place: tuple[float, float] = place, colour: tuple[int, int, int] = colour) -> str:
            (seen,) = viewer.colours([place])
            return "" if _likeness(seen, colour) > ALIKE else f"{seen.tolist()} is no mixture with {colour}"

        _judge_when_painted(each.segment.label, reason_not_seen)


def judge_marks(viewer: Viewer, truth: list[TrueMark], *, lines: int) -> None:
    """Every line of a report at its place, in the viewer's state and on the screen, with its words.

    ``lines``: how many there must be of all the reports that were opened, and none more.
    """
    held = viewer.lines()
    assert len(held) == lines, f"{len(held)} lines, on {[line.image for line in held]}, not {lines}"
    for mark in truth:
        corners = [(*line.points.min(0), *line.points.max(0)) for line in held if line.image == mark.image]
        assert _is_among(mark.corners, corners, PIXELS), f"{mark} is not among {corners}"
        _judge_drawn(viewer, mark)


def _judge_voxels(found: ShownSegment, truth: TrueSegment) -> None:
    counts = {image: int(mask.sum()) for image, mask in found.masks.items()}
    assert counts == {image: int(mask.sum()) for image, mask in truth.masks.items()}, found.label
    for image, mask in truth.masks.items():
        assert np.array_equal(found.masks[image], mask), f"{found.label} lies elsewhere on {image}"


def _judge_drawn(viewer: Viewer, mark: TrueMark) -> None:
    viewer.scroll_to(mark.image)
    left, top, right, bottom = mark.corners

    def reason_not_drawn() -> str:
        drawn = viewer.drawn()
        corners = viewer.on_screen([(left, top), (right, bottom)])
        one_pixel = float(np.linalg.norm(np.diff(viewer.on_screen([(0, 0), (0, 1)]), axis=0)))
        if not _is_among(corners.ravel(), drawn.lines, PIXELS * one_pixel + 2):
            return f"{mark} is not drawn in its place"
        is_said = any(set(mark.words) <= set(lines) for lines in drawn.words)
        return "" if is_said else f"{mark.words} not among {drawn.words}"

    _judge_when_painted(mark.image, reason_not_drawn)


def _judge_when_painted(what: str, reason: Callable[[], str]) -> None:
    """The screen follows the state after a while; longer than this it never takes."""
    deadline = time.monotonic() + PAINTED_SECONDS
    while found := reason():
        assert time.monotonic() < deadline, f"{what}: {found}"
        time.sleep(0.5)


def _is_among(corners: npt.ArrayLike, candidates: npt.ArrayLike, tolerance: float) -> bool:
    """Whether one of the (n, 4) candidates has these corners."""
    differences = np.abs(np.reshape(candidates, (-1, 4)) - np.asarray(corners, float))
    return bool((differences <= tolerance).all(axis=1).any())


def _innermost(of: TrueSegment, truth: list[TrueSegment]) -> tuple[float, float]:
    """(column, row) of the middle of the pixel furthest from its border, and under no other segment."""
    alone = of.masks[of.largest].copy()
    for other in truth:
        if other is not of and of.largest in other.masks:
            alone &= ~other.masks[of.largest]
    depth = ndimage.distance_transform_edt(np.pad(alone, 1))[1:-1, 1:-1]
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    return column + 0.5, row + 0.5


def _likeness(seen: npt.NDArray[np.uint8], colour: tuple[int, int, int]) -> float:
    """Cosine between the two hues: what is left of a colour without its grey, which the image adds."""
    one, other = (np.asarray(each, float) - np.mean(each) for each in (seen, colour))
    return float(one @ other / max(np.linalg.norm(one) * np.linalg.norm(other), 1e-9))
