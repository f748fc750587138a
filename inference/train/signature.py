"""The ``[io]`` table of a draft that has none, read from the SavedModel as data."""

from pathlib import Path
from typing import Any

import tensorflow as tf
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from tensorflow.core.protobuf import saved_model_pb2

from inference.errors import PackageInvalid

SIGNATURE = "serving_default"
_OUTPUTS = {
    "boxes": "boxes",
    "scores": "scores",
    "classes": "classes",
    "valid": "count",
    "count": "count",
    "masks": "masks",
}
"""What an output of this name is in ``[io.detection]``; the zoo calls the count ``valid``."""


def io_table(folder: Path) -> str:
    """TOML that pins the signature ``serving_default`` of the SavedModel in ``folder``: names, dtypes, ranks.

    Raises PackageInvalid where it cannot be told which output is what; then ``[io]`` is to be written by hand.
    """
    signature = _signature(folder)
    if len(signature.inputs) != 1:
        raise PackageInvalid(
            f"the SavedModel has {len(signature.inputs)} inputs; a package's network has one"
        )
    ((name, tensor),) = signature.inputs.items()
    lines = ["[io]", f'signature = "{SIGNATURE}"', *_lines("input", name, tensor)]
    if len(signature.outputs) == 1:
        ((output, given),) = signature.outputs.items()
        return "\n".join([*lines, *_lines("output", output, given)]) + "\n"
    return "\n".join([*lines, *_detection(signature.outputs)]) + "\n"


def _signature(folder: Path) -> Any:
    proto = saved_model_pb2.SavedModel()
    try:
        proto.ParseFromString((folder / "saved_model.pb").read_bytes())
    except (OSError, DecodeError):
        raise PackageInvalid(f"{folder} is no readable SavedModel") from None
    signatures = proto.meta_graphs[0].signature_def if proto.meta_graphs else {}
    if SIGNATURE not in signatures:
        raise PackageInvalid(f"the SavedModel has no signature '{SIGNATURE}'; name another in [io] signature")
    return signatures[SIGNATURE]


def _lines(what: str, name: str, tensor: Any) -> list[str]:
    rank = len(tensor.tensor_shape.dim)
    return [f'{what} = "{name}"', f'{what}_dtype = "{_dtype(tensor)}"', f"{what}_rank = {rank}"]


def _dtype(tensor: Any) -> str:
    return str(tf.dtypes.as_dtype(tensor.dtype).name)


def _detection(outputs: Any) -> list[str]:
    if not {"boxes", "scores", "classes"} <= set(outputs):
        names = ", ".join(sorted(outputs))
        raise PackageInvalid(f"the network gives {names}; say in [io.detection] which of them is what")
    roles = {role: name for name, role in _OUTPUTS.items() if name in outputs}
    table = [f'{role} = "{name}"' for role, name in roles.items()]
    return [f'output_dtype = "{_dtype(outputs["boxes"])}"', "", "[io.detection]", *table]
