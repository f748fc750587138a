"""``[[augment]]`` and ``[mix]``: the closed vocabulary of changes, each with its chance.

The steps are carried out by the files of their name; a test holds the vocabulary to them.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from inference.package.declared import Declared

Chance = Annotated[float, Field(ge=0, le=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Factor = Annotated[float, Field(ge=1, le=8)]
Axis = Literal["slices", "rows", "columns"]
Outside = float | Literal["least", "median", "edge"]


class Step(Declared):
    """``chance``: how often the step is taken."""

    chance: Chance = 1.0


class Movement(Step):
    """Image, masks and boxes move together.

    ``outside``: what comes in from outside the image; one of them is drawn, where several movements are taken the
    first one's. No segment reaches there.
    """

    outside: Annotated[tuple[Outside, ...], Field(min_length=1)] = ("least",)


class Flip(Movement):
    """Mirror along ``axis``. ``swap``: pairs of segments or classes that change places then, such as left and right."""

    step: Literal["flip"]
    chance: Chance = 0.5
    axis: Axis = "columns"
    swap: tuple[tuple[int, int], ...] = ()


class Rotate(Movement):
    """Turn around the centre, by up to ``degrees`` either way, in a volume around the index axis ``around``."""

    step: Literal["rotate"]
    degrees: Annotated[float, Field(gt=0, le=180)] = 15.0
    around: Axis = "slices"


class Scale(Movement):
    """Make everything larger or smaller around the centre, by a factor from 1/``largest`` to ``largest``."""

    step: Literal["scale"]
    largest: Factor = 1.25


class Stretch(Movement):
    """Make the axes unequal: each by its own factor from 1/``largest`` to ``largest``, the size on average kept."""

    step: Literal["stretch"]
    largest: Factor = 1.1


class Shift(Movement):
    """Move along each axis by up to ``largest`` of its length."""

    step: Literal["shift"]
    largest: Share = 0.1


class Elastic(Movement):
    """A smooth random warp: ``spread`` is the most that its control points move (standard deviation, as share of the
    longest side), ``knots`` how many of them lie along each axis."""

    step: Literal["elastic"]
    chance: Chance = 0.5
    spread: Share = 0.02
    knots: Annotated[int, Field(ge=4, le=32)] = 6


class Gamma(Step):
    """Another curve of greys: exponents from 1/``largest`` to ``largest``."""

    step: Literal["gamma"]
    largest: Factor = 2.5


class Contrast(Step):
    """Another window: steeper or flatter by ``factor`` around another grey, brighter or darker by ``brightness``."""

    step: Literal["contrast"]
    factor: tuple[float, float] = (0.6, 1.6)
    brightness: Share = 0.1

    @model_validator(mode="after")
    def _ordered(self) -> "Contrast":
        if not 0 < self.factor[0] <= self.factor[1]:
            raise ValueError("factor needs a smaller and a larger number above 0, in this order")
        return self


class Noise(Step):
    """Gaussian noise with a standard deviation up to ``most`` of the image's range."""

    step: Literal["noise"]
    most: Share = 0.06


class LowDose(Step):
    """Fewer photons: quantum noise as of ``photons`` a pixel, drawn evenly in the logarithm between the two.

    The brightest pixel absorbs all but exp(-``absorption``) of them.
    """

    step: Literal["low_dose"]
    photons: tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]] = (300.0, 30000.0)
    absorption: Annotated[float, Field(gt=0, le=10)] = 3.0

    @model_validator(mode="after")
    def _ordered(self) -> "LowDose":
        if self.photons[0] > self.photons[1]:
            raise ValueError("photons needs the smaller number first")
        return self


class Blur(Step):
    """Movement and coarse detectors: a Gaussian of up to ``most`` pixels."""

    step: Literal["blur"]
    most: Annotated[float, Field(gt=0.3, le=20)] = 1.5


class Shade(Step):
    """Uneven exposure, or an MR's bias field: a slow change of brightness with a spread up to ``most`` (logarithm)."""

    step: Literal["shade"]
    most: Share = 0.15


class Edges(Step):
    """Unsharp masking, as vendors' processing does, by up to ``most``."""

    step: Literal["edges"]
    most: Annotated[float, Field(gt=0, le=5)] = 1.2


class Opacities(Step):
    """Bright patches with soft or sharp edges, as masses and consolidations are: still lung. 2-D."""

    step: Literal["opacities"]
    most: Annotated[int, Field(ge=1, le=50)] = 7


class Lines(Step):
    """Thin bright curves: cables, tubes, catheters. 2-D."""

    step: Literal["lines"]
    most: Annotated[int, Field(ge=1, le=50)] = 3


class Annotations(Step):
    """Small bright or dark marks: side letters, text, stickers, metal. 2-D."""

    step: Literal["annotations"]
    most: Annotated[int, Field(ge=1, le=50)] = 3


class Borders(Step):
    """Bars along the sides, up to ``widest`` of the side, black or white, as collimation and padding leave them.

    Nothing is to be found under them: masks are emptied there, and boxes cut to what is seen. 2-D.
    """

    step: Literal["borders"]
    chance: Chance = 0.35
    widest: Annotated[float, Field(gt=0, lt=0.5)] = 0.12


AnyMovement = Flip | Rotate | Scale | Stretch | Shift | Elastic
AugmentStep = Annotated[
    AnyMovement
    | Gamma
    | Contrast
    | Noise
    | LowDose
    | Blur
    | Shade
    | Edges
    | Opacities
    | Lines
    | Annotations
    | Borders,
    Field(discriminator="step"),
]


class MixTable(Declared):
    """``[mix]``: images of a batch are mixed in pairs, and their classes in the same shares.

    mixup adds them (Zhang et al., arXiv:1710.09412); cutmix puts a rectangle of one into the other (Yun et al.,
    arXiv:1905.04899). The share is drawn from Beta(``alpha``, ``alpha``), for ``chance`` of the batches.
    """

    kind: Literal["mixup", "cutmix"]
    alpha: Annotated[float, Field(gt=0, le=10)] = 0.2
    chance: Chance = 1.0
