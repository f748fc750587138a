"""``[sampling]``: which examples a batch is drawn from, and what of them."""

from typing import Annotated, Literal

from pydantic import Field

from inference.package.declared import Declared


class Patches(Declared):
    """``[sampling.patches]``: of each example a part of ``size`` is learnt from.

    ``size``: (rows, columns) or (slices, rows, columns). ``positive_share``: so many parts are centred on a voxel of a
    segment, drawn evenly among the segments that the example has; the others lie anywhere.
    """

    size: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=2, max_length=3)]
    positive_share: Annotated[float, Field(ge=0, le=1)] = 0.5


class SamplingTable(Declared):
    """``[sampling]``: ``batch`` examples at a time.

    ``kind``: uniform takes every example once before any a second time; balanced gives every group the same chance,
    where the group is the class, or the fact that ``by`` names.
    """

    batch: Annotated[int, Field(ge=1)] = 4
    kind: Literal["uniform", "balanced"] = "uniform"
    by: str = "class"
    patches: Patches | None = None
