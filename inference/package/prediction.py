"""``[io]``: how the model is called."""

from typing import Literal

from inference.package.declared import Declared


class Io(Declared):
    """``[io]``: the SavedModel's signature, pinned by name, dtype and rank."""

    signature: str = "serving_default"
    input: str
    input_dtype: Literal["float32"] = "float32"
    input_rank: int
    output: str
    output_dtype: Literal["float32"] = "float32"
    output_rank: int
