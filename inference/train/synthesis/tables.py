"""``[synthesis]``: how far the images drawn from label volumes may differ from each other.

Every pair is a range (least, most) from which a number is drawn evenly, once an image. The ranges begin as in Billot
et al., "SynthSeg", Medical Image Analysis 86 (2023) 102789; where not, the key says why.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from inference.package.declared import Declared

Share = Annotated[float, Field(ge=0, le=1)]
AtLeast0 = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Number = Annotated[int, Field(ge=0)]


class Between(Declared):
    """A range from which is drawn evenly."""

    least: AtLeast0
    most: AtLeast0

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.least > self.most:
            raise ValueError(f"least {self.least:g} lies above most {self.most:g}; exchange them")
        return self


class Deformation(Declared):
    """``[synthesis.deformation]``: how the anatomy is turned, stretched and bent.

    ``rotation_degrees`` about each axis, ``scale`` and ``shear`` along each, drawn on both sides of none.
    ``elastic_mm`` is the standard deviation of the displacement of points that lie ``elastic_between_mm`` apart.
    ``mirror`` exchanges left and right: only where left and right are one segment.
    """

    rotation_degrees: Annotated[float, Field(ge=0, le=180)] = 15.0
    scale: Annotated[float, Field(ge=0, lt=1)] = 0.15
    shear: Annotated[float, Field(ge=0, lt=1)] = 0.012
    elastic_mm: Between = Between(least=0, most=4)
    elastic_between_mm: Between = Between(least=25, most=60)
    mirror: Share = 0.5


class Window(Declared):
    """``[synthesis.window]``: where the network's window lies; its size is ``[predict] patch``.

    Its middle is that of all segments, moved up to ``shift_mm`` along each axis; or, in a share ``anywhere``, any place
    of the volume, since in service the window also moves over what is not the organ.
    """

    shift_mm: AtLeast0 = 30.0
    anywhere: Share = 0.2


class Contrast(Declared):
    """``[synthesis.contrast]``: the grey of each label, a normal distribution, where 0..1 is the range of all.

    ``together``: label numbers that always have the same grey, such as those of left and right; any other number has
    its own. In a share ``dark_outside`` of the images what is ``outside`` is almost black, as air is in almost all
    that is served. In a share ``bare`` all that is no segment is black, as after brain extraction.
    """

    mean: Between = Between(least=0, most=1)
    deviation: Between = Between(least=0, most=0.1)
    together: tuple[Annotated[tuple[Number, ...], Field(min_length=2)], ...] = ()
    outside: tuple[Number, ...] = (0,)
    dark_outside: Share = 0.9
    bare: Share = 0.05

    @model_validator(mode="after")
    def _groups_share_nothing(self) -> Self:
        numbers = [number for group in self.together for number in group]
        if twice := sorted({number for number in numbers if numbers.count(number) > 1}):
            raise ValueError(f"together names {', '.join(map(str, twice))} twice; a label has one grey")
        return self


class BiasField(Declared):
    """``[synthesis.bias_field]``: uneven reception: the logarithm of a factor, at points ``between_mm`` apart."""

    deviation: Between = Between(least=0, most=0.3)
    between_mm: Positive = 70.0


class Acquisition(Declared):
    """``[synthesis.acquisition]``: the distance of the scanner's voxels, and the noise in them.

    ``spacing_mm``: of all three axes; in a share ``thick`` of the images one axis has ``thick_mm`` instead. Finer than
    the network's grid changes nothing. ``noise``: standard deviation, where 0..1 is the range of the image.
    """

    spacing_mm: Between = Between(least=1, most=3)
    thick: Share = 0.4
    thick_mm: Between = Between(least=3, most=7)
    noise: Between = Between(least=0, most=0.06)


class Tone(Declared):
    """``[synthesis.tone]``: greys after normalisation: to the power of e^x, x normal with ``gamma``; then times
    ``gain``, clipped to 0..1: in service the brightest of the whole head, not of the window, becomes 1.
    """

    gamma: AtLeast0 = 0.25
    gain: Between = Between(least=0.7, most=1.15)


class SynthesisTable(Declared):
    """``[synthesis]``: images are drawn from label volumes; goes with ``[data] kind = "label_volumes"``."""

    deformation: Deformation = Deformation()
    window: Window = Window()
    contrast: Contrast = Contrast()
    bias_field: BiasField = BiasField()
    acquisition: Acquisition = Acquisition()
    tone: Tone = Tone()
