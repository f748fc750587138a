"""``[fit]``: how long and how fast is learnt."""

from typing import Annotated

from pydantic import Field

from inference.package.declared import Declared

Positive = Annotated[int, Field(ge=1)]


class FitTable(Declared):
    """``[fit]``: AdamW (Loshchilov and Hutter, arXiv:1711.05101) with a cosine schedule after a linear warm-up.

    ``steps``: batches an epoch. ``warm_up``: share of all steps in which the rate rises to ``learning_rate``.
    ``averaging``: momentum of the running mean of the weights; the mean is what is scored and kept. ``patience``: so
    many epochs without a better score end the training; without it all epochs are done.
    """

    epochs: Positive = 32
    steps: Positive = 120
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 1e-3
    warm_up: Annotated[float, Field(ge=0, lt=1)] = 0.05
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 1e-4
    clip_norm: Annotated[float, Field(gt=0)] = 1.0
    averaging: Annotated[float, Field(ge=0, lt=1)] = 0.99
    patience: Positive | None = None
