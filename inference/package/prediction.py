"""``[io]`` and ``[predict]``: how the SavedModel is called, and how its answers become one."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from inference.package.declared import Declared

Float = Literal["float32", "float16", "bfloat16"]
Task = Literal["segmentation", "classification", "detection"]
Positive = Annotated[int, Field(ge=1)]


class DetectionOutputs(Declared):
    """``[io.detection]``: which of the signature's outputs is what, for a network that marks boxes.

    n is the most that the network ever gives. Boxes (1, n, 4), scores (1, n), classes (1, n), masks
    (1, n, mask rows, mask columns) as of Mask R-CNN (He et al., ICCV 2017), and how many of the n are meant (1,).
    """

    boxes: str
    scores: str
    classes: str
    count: str | None = None
    masks: str | None = None
    box_order: Literal["rows_first", "columns_first"] = "rows_first"
    box_unit: Literal["pixels", "fraction"] = "pixels"


class Io(Declared):
    """``[io]``: the SavedModel's signature, pinned by name, dtype and rank."""

    signature: str = "serving_default"
    input: str
    input_dtype: Float = "float32"
    input_rank: int
    output: str = ""
    output_dtype: Float = "float32"
    output_rank: int = 0
    detection: DetectionOutputs | None = None

    @model_validator(mode="after")
    def _gives_one_kind_of_answer(self) -> Self:
        if self.input_rank not in (4, 5):
            raise ValueError(
                "input_rank is 4 (batch, rows, columns, 1) or 5 (batch, slices, rows, columns, 1)"
            )
        if (self.detection is None) == (self.output == ""):
            raise ValueError("name one output, or the outputs of a detection in [io.detection], not both")
        if self.detection is None and self.output_rank not in (2, self.input_rank):
            raise ValueError(
                f"output_rank is 2 (batch, classes), or {self.input_rank} as the input's: a map on its grid"
            )
        if self.detection is not None and self.input_rank != 4:
            raise ValueError("a network with [io.detection] reads planes: input_rank is 4")
        return self

    @property
    def task(self) -> Task:
        """What such a signature can answer; ``[model] task`` must say the same."""
        if self.detection is not None:
            return "detection"
        return "classification" if self.output_rank == 2 else "segmentation"


class Predict(Declared):
    """``[predict]``: how many networks, over which windows, and what is done with their probabilities.

    ``patch`` is (slices, rows, columns) in voxels of the network's grid; without it a plane is given whole.
    """

    members: Annotated[int, Field(ge=1, le=16)] = 1
    patch: tuple[Positive, Positive, Positive] | None = None
    overlap: Annotated[float, Field(ge=0, le=0.75)] = 0.5
    blend: Literal["gaussian", "constant"] = "gaussian"
    pad_value: float = 0.0
    batch: Annotated[int, Field(ge=1, le=64)] = 4
    test_time_flips: tuple[Literal["slices", "rows", "columns"], ...] = ()
    temperature: Annotated[float, Field(gt=0, le=100)] = 1.0
    activation: Literal["sigmoid", "softmax"] = "sigmoid"

    @model_validator(mode="after")
    def _names_an_axis_once(self) -> Self:
        if len(set(self.test_time_flips)) != len(self.test_time_flips):
            raise ValueError("test_time_flips names an axis twice; once means with and without the flip")
        return self


def reason_not_together(io: Io, predict: Predict) -> str | None:
    """Why ``[predict]`` cannot be done with a network such as ``[io]`` declares; None where it can."""
    if io.task == "detection" and (predict.members > 1 or predict.test_time_flips):
        return "boxes have no mean: with [io.detection] there is one member and no test_time_flips"
    if io.task == "detection" and predict.activation != "sigmoid":
        return "activation: scores stand each by itself; with [io.detection] it is 'sigmoid'"
    if io.task != "segmentation" and predict.patch is not None:
        return "patch is for segmentation; the others see the whole input at once"
    if io.task == "segmentation" and io.input_rank == 5 and predict.patch is None:
        return "patch is missing: a network on volumes needs the size of its window"
    if io.input_rank == 4 and predict.patch is not None and predict.patch[0] != 1:
        return "patch has one slice where the network reads planes: patch = [1, rows, columns]"
    if io.input_rank == 4 and "slices" in predict.test_time_flips:
        return "test_time_flips names slices, but the network reads planes"
    return None
