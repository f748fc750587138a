"""``[evaluate]`` of a recipe: how the packed model is judged on patients it did not learn from."""

from typing import Annotated

from pydantic import Field

from inference.package.declared import Declared

Share = Annotated[float, Field(gt=0, lt=1)]


class EvaluateTable(Declared):
    """``[evaluate]``. ``by``: facts of the data by which figures are told apart as well; without it device, sex, age
    and projection, where the data says them.

    ``resamples``: how often the patients are drawn anew for an interval that holds ``confidence`` of the draws.
    ``overlap``: the least intersection over union at which a box counts as found.
    """

    by: tuple[str, ...] | None = None
    resamples: Annotated[int, Field(ge=100, le=100_000)] = 2000
    confidence: Share = 0.95
    overlap: Share = 0.5
