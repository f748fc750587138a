"""``[loss]`` of a recipe: what training minimises."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from inference.package.declared import Declared

Positive = Annotated[float, Field(gt=0)]
Weights = Annotated[tuple[Positive, ...], Field(min_length=1)]


class CrossEntropyTable(Declared):
    """``kind = "cross_entropy"``: each pixel's or each case's own probability.

    ``class_weights``: how much each class counts; n / (classes * n of the class) evens them out (King and Zeng 2001).
    """

    kind: Literal["cross_entropy"]
    class_weights: Weights | None = None


class FocalTable(Declared):
    """``kind = "focal"``: cross-entropy in which what is right already weighs (1 - p)^focus (Lin et al. 2017)."""

    kind: Literal["focal"]
    focus: Annotated[float, Field(ge=0)] = 2.0
    class_weights: Weights | None = None


class DiceTable(Declared):
    """``kind = "dice"``: overlap as a whole (Milletari et al. 2016). ``smooth``: keeps an empty pair at 1."""

    kind: Literal["dice"]
    smooth: Positive = 1.0


class TverskyTable(Declared):
    """``kind = "tversky"``: Dice with a price of its own for too much and for too little (Salehi et al. 2017)."""

    kind: Literal["tversky"]
    false_positives: Positive = 0.3
    false_negatives: Positive = 0.7
    smooth: Positive = 1.0


OneLoss = Annotated[CrossEntropyTable | FocalTable | DiceTable | TverskyTable, Field(discriminator="kind")]


class CombinationTable(Declared):
    """``kind = "combination"``: the sum of ``[[loss.parts]]``, each times its weight."""

    kind: Literal["combination"]
    parts: Annotated[tuple[OneLoss, ...], Field(min_length=2)]
    weights: Weights | None = None
    """One for each part; without them all count alike."""

    @model_validator(mode="after")
    def _weighs_each_part(self) -> Self:
        if self.weights is not None and len(self.weights) != len(self.parts):
            raise ValueError(
                f"weights are {len(self.weights)}, but there are {len(self.parts)} parts; give one each"
            )
        return self


LossTable = Annotated[
    CrossEntropyTable | FocalTable | DiceTable | TverskyTable | CombinationTable, Field(discriminator="kind")
]
