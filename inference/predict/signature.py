"""Is the SavedModel's signature the one that ``[io]`` declares?"""

from collections.abc import Mapping
from typing import Any

from inference.errors import PackageInvalid
from inference.package.prediction import DetectionOutputs, Io

INTEGERS = ("int32", "int64")

Specifications = Mapping[str, Any]
"""Name -> tf.TensorSpec."""


def require_declared_signature(inputs: Specifications, outputs: Specifications, io: Io) -> None:
    """Raise PackageInvalid where a name, dtype, rank or fixed length is not what ``io`` says.

    A map or a vector is the only output there is. Beside the outputs of a detection there may be others.
    """
    _require_only("input", inputs, io.input)
    _require_tensor(f"input '{io.input}'", inputs[io.input], (io.input_dtype,), io.input_rank)
    _require_length(f"input '{io.input}'", inputs[io.input], -1, 1)
    if io.detection is not None:
        _require_detection(outputs, io.detection, io.output_dtype)
        return
    _require_only("output", outputs, io.output)
    _require_tensor(f"output '{io.output}'", outputs[io.output], (io.output_dtype,), io.output_rank)


def _require_only(what: str, tensors: Specifications, name: str) -> None:
    if set(tensors) != {name}:
        raise PackageInvalid(f"[io] {what} is '{name}', but the SavedModel has {', '.join(sorted(tensors))}")


def _require_tensor(what: str, found: Any, dtypes: tuple[str, ...], rank: int) -> None:
    if found.dtype.name not in dtypes or found.shape.rank != rank:
        raise PackageInvalid(
            f"[io] {what} is {' or '.join(dtypes)} of rank {rank}, "
            f"but the SavedModel's is {found.dtype.name} {found.shape}"
        )


def _require_length(what: str, found: Any, axis: int, length: int) -> None:
    if found.shape[axis] not in (None, length):
        raise PackageInvalid(
            f"[io] {what} has the length {length} on its last axis, but the SavedModel's is {found.shape}"
        )


def _require_detection(outputs: Specifications, declared: DetectionOutputs, dtype: str) -> None:
    wholes = (*INTEGERS, dtype)
    roles = {"boxes": ((dtype,), 3), "scores": ((dtype,), 2), "classes": (wholes, 2), "count": (wholes, 1)}
    for role, (dtypes, rank) in (roles | {"masks": ((dtype,), 4)}).items():
        name = getattr(declared, role)
        if name is None:
            continue
        if name not in outputs:
            raise PackageInvalid(
                f"[io.detection] {role} is '{name}', but the SavedModel has {', '.join(sorted(outputs))}"
            )
        _require_tensor(f"detection.{role} '{name}'", outputs[name], dtypes, rank)
    _require_length(f"detection.boxes '{declared.boxes}'", outputs[declared.boxes], -1, 4)
