"""From a case to what the network learns from: the very preprocessing of serving, with the truth taken along."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from inference.errors import InferenceError, TrainingRefused
from inference.package.steps import PreprocessStep
from inference.preprocess import STEPS
from inference.preprocess.field import Field, Undo
from inference.train.case import Boxes, Case, Class, Example, Mask, Truth
from inference.train.forward import Values, boxes_after, cover_after
from inference.train.truths import cut_to_image, group_of

_READERS = 2


def prepare(case: Case, steps: Sequence[PreprocessStep], group_by: str = "") -> Example:
    """Read ``case`` and carry out the manifest's steps on its image, and their geometry on its truth.

    ``group_by``: the fact that is the example's group, or "class". Raises TrainingRefused with the case's name.
    """
    labelled = case.read()
    _require_same_grid(labelled.field, labelled.truth, case.name)
    field, follow = labelled.field, _Following(labelled.truth)
    try:
        for step in steps:
            prepared = STEPS[step.step](field, step)
            field = prepared.field
            follow.take(prepared.undo, field.values.shape)
    except InferenceError as error:
        raise TrainingRefused(f"{case.name}: {error}") from None
    if not np.isfinite(field.values).all():
        raise TrainingRefused(f"{case.name} has values that are no numbers after preprocessing; leave it out")
    truth = follow.truth(field.values.shape)
    return Example(
        values=np.ascontiguousarray(field.values, np.float32),
        truth=truth,
        group=group_of(truth, case.facts, group_by),
    )


def prepare_all(
    cases: Sequence[Case],
    steps: Sequence[PreprocessStep],
    group_by: str = "",
    done: Callable[[], object] = lambda: None,
) -> tuple[Example, ...]:
    """Every case, in order; ``done`` is called after each. Raises TrainingRefused for the first that cannot be."""
    with ThreadPoolExecutor(_READERS) as pool:
        examples = []
        for example in pool.map(lambda case: prepare(case, steps, group_by), cases):
            examples.append(example)
            done()
    return tuple(examples)


class _Following:
    """The truth on its way through the steps: masks as cover, so that no step rounds before the last."""

    def __init__(self, truth: Truth) -> None:
        self._first = truth
        self._covers: list[Values] = []
        self._boxes = truth.boxes if isinstance(truth, Boxes) else None
        if isinstance(truth, Mask):
            self._covers = [segment.astype(np.float32) for segment in np.moveaxis(truth.segments, -1, 0)]
        elif isinstance(truth, Boxes) and truth.masks is not None:
            self._covers = [mask.astype(np.float32) for mask in truth.masks]

    def take(self, undo: Undo, after: tuple[int, ...]) -> None:
        """Carry out the step that ``undo`` leads back from."""
        self._covers = [cover_after(cover, undo, after) for cover in self._covers]
        if self._boxes is not None:
            self._boxes = boxes_after(self._boxes, undo)

    def truth(self, shape: tuple[int, ...]) -> Truth:
        """What is true on the last grid, which is of ``shape``."""
        if isinstance(self._first, Class):
            return self._first
        masks = np.array([cover >= 0.5 for cover in self._covers], np.uint8).reshape(-1, *shape)
        if isinstance(self._first, Mask):
            return Mask(segments=np.ascontiguousarray(np.moveaxis(masks, 0, -1)))
        assert self._boxes is not None  # it is set for boxes
        given = None if self._first.masks is None else masks
        return cut_to_image(Boxes(boxes=self._boxes, classes=self._first.classes, masks=given), shape)


def _require_same_grid(field: Field, truth: Truth, name: str) -> None:
    shape = field.values.shape
    grid = shape
    if isinstance(truth, Mask):
        grid = truth.segments.shape[:-1]
    elif isinstance(truth, Boxes) and truth.masks is not None:
        grid = truth.masks.shape[1:]
    if grid != shape:
        raise TrainingRefused(
            f"{name} is of {' x '.join(map(str, shape))}, but its mask of {' x '.join(map(str, grid))}; "
            "give the mask on the image's own grid"
        )
