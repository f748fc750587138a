"""``[network]``: which network of the zoo, how wide, and what it begins from.

Its size in pixels, its classes and its activation are not said here: they follow from the manifest beside it.
"""

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, model_validator

from inference.package.declared import Declared

Positive = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, lt=1)]


class Start(Declared):
    """``[network.start]``: what was learnt before. ``package``: a folder of a model package; ``weights``: a
    .weights.h5 file of the same network; both relative to the recipe. With ``new_head`` the last layer begins afresh.

    ``freeze``: parts that keep their weights. ``unfreeze_at_epoch``: from this epoch on (the first is 1) they learn
    too, with ``unfreeze_from`` only that layer of theirs and those after it.
    """

    package: str | None = None
    member: Annotated[int, Field(ge=0)] = 0
    weights: str | None = None
    new_head: bool = False
    freeze: tuple[str, ...] = ()
    unfreeze_at_epoch: Annotated[int, Field(ge=2)] | None = None
    unfreeze_from: str | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.package is not None and self.weights is not None:
            raise ValueError("begin from a package or from a weights file, not from both")
        if self.unfreeze_at_epoch is not None and not self.freeze:
            raise ValueError("unfreeze_at_epoch needs parts in freeze")
        if self.unfreeze_from is not None and self.unfreeze_at_epoch is None:
            raise ValueError("unfreeze_from needs unfreeze_at_epoch")
        return self


class Unet(Declared):
    """``kind = "unet"``, for segmentation: of planes, or of volumes where the manifest's network reads volumes."""

    kind: Literal["unet"]
    base: Positive = 16
    depth: Annotated[int, Field(ge=1, le=7)] = 4
    normalisation: Literal["none", "group"] = "none"
    dropout: Share = 0.0
    start: Start = Start()


class Cnn(Declared):
    """``kind = "cnn"``, for classification: three convolutions and two dense layers."""

    kind: Literal["cnn"]
    start: Start = Start()


class Classifier(Declared):
    """``kind = "classifier"``: a backbone of keras.applications and one dense layer; see ``zoo.backbones``.

    ``backbone_weights``: a file of the backbone's weights without its top, relative to the recipe.
    """

    kind: Literal["classifier"]
    backbone: str
    backbone_weights: str | None = None
    dropout: Share = 0.0
    start: Start = Start()


class Rcnn(Declared):
    """``kind = "faster_rcnn"`` or ``"mask_rcnn"``, for detection; the other keys as of ``zoo.detection.design``."""

    kind: Literal["faster_rcnn", "mask_rcnn"]
    base: Positive = 16
    backbone: str | None = None
    backbone_weights: str | None = None
    strides: tuple[Positive, ...] = (8, 16, 32)
    anchor_scales: tuple[Annotated[float, Field(gt=0)], ...] = (4.0, 5.66)
    anchor_ratios: tuple[Annotated[float, Field(gt=0)], ...] = (0.5, 1.0, 2.0)
    pyramid_channels: Positive = 64
    hidden: Positive = 256
    candidates: Positive = 1000
    proposals: Positive = 100
    detections: Positive = 20
    start: Start = Start()


Network = Annotated[Unet | Cnn | Classifier | Rcnn, Discriminator("kind")]
