import pytest
import tensorflow as tf

from inference.errors import PackageInvalid
from inference.package.prediction import Io
from inference.predict.signature import require_declared_signature

MAP = Io(input="image", input_rank=4, output="probabilities", output_rank=4)
BOXES = Io(
    input="image",
    input_rank=4,
    detection={"boxes": "b", "scores": "s", "classes": "c", "count": "n", "masks": "m"},
)


def _tensors(**kinds):
    return {name: tf.TensorSpec(shape, dtype) for name, (shape, dtype) in kinds.items()}


INPUT = _tensors(image=((None, 8, 8, 1), "float32"))
MAPS = _tensors(probabilities=((None, 8, 8, 2), "float32"))
FOUND = {
    "b": ((1, 5, 4), "float32"),
    "s": ((1, 5), "float32"),
    "c": ((1, 5), "int64"),
    "n": ((1,), "int32"),
    "m": ((1, 5, 28, 28), "float32"),
}


def _refusal(inputs, outputs, io):
    with pytest.raises(PackageInvalid) as caught:
        require_declared_signature(inputs, outputs, io)
    return str(caught.value)


def test_what_is_declared_passes():
    require_declared_signature(INPUT, MAPS, MAP)
    require_declared_signature(INPUT, _tensors(**FOUND), BOXES)


@pytest.mark.parametrize("kind", ["float32", "float16", "bfloat16"])
def test_the_precision_is_the_declared_one(kind):
    inputs, outputs = _tensors(image=((None, 8, 8, 1), kind)), _tensors(probabilities=((None, 8, 8, 2), kind))
    require_declared_signature(
        inputs, outputs, MAP.model_copy(update={"input_dtype": kind, "output_dtype": kind})
    )
    if kind != "float32":
        assert f"is float32 of rank 4, but the SavedModel's is {kind}" in _refusal(inputs, outputs, MAP)


@pytest.mark.parametrize(
    ("inputs", "outputs", "sentence"),
    [
        (_tensors(picture=((None, 8, 8, 1), "float32")), MAPS, "input is 'image', but the SavedModel has picture"),
        (INPUT | _tensors(age=((None, 1), "float32")), MAPS, "but the SavedModel has age, image"),
        (INPUT, _tensors(maps=((None, 8, 8, 2), "float32")), "output is 'probabilities', but the SavedModel has maps"),
        (INPUT, MAPS | _tensors(logits=((None, 8, 8, 2), "float32")), "has logits, probabilities"),
        (_tensors(image=((None, 8, 8), "float32")), MAPS, "float32 of rank 4, but the SavedModel's is float32"),
        (_tensors(image=((None, 8, 8, 3), "float32")), MAPS, "length 1 on its last axis"),
        (INPUT, _tensors(probabilities=((None, 2), "float32")), "output 'probabilities' is float32 of rank 4"),
    ],
)  # fmt: skip
def test_another_signature_than_declared_is_refused(inputs, outputs, sentence):
    assert sentence in _refusal(inputs, outputs, MAP)


@pytest.mark.parametrize(
    ("output", "kind", "sentence"),
    [
        ("b", ((1, 5), "float32"), "detection.boxes 'b' is float32 of rank 3"),
        ("b", ((1, 5, 5), "float32"), "length 4 on its last axis"),
        ("s", ((1, 5), "int32"), "detection.scores 's' is float32 of rank 2"),
        ("c", ((1, 5), "string"), "detection.classes 'c' is int32 or int64 or float32 of rank 2"),
        ("n", ((1, 1), "int32"), "detection.count 'n' is int32 or int64 or float32 of rank 1"),
        ("m", ((1, 5, 28, 28, 1), "float32"), "detection.masks 'm' is float32 of rank 4"),
    ],
)
def test_an_output_of_a_detection_that_is_another_is_refused(output, kind, sentence):
    assert sentence in _refusal(INPUT, _tensors(**FOUND | {output: kind}), BOXES)


@pytest.mark.parametrize("output", list(FOUND))
def test_a_missing_output_of_a_detection_is_refused_with_what_is_there(output):
    there = {name: kind for name, kind in FOUND.items() if name != output}
    assert f"is '{output}', but the SavedModel has {', '.join(sorted(there))}" in _refusal(
        INPUT, _tensors(**there), BOXES
    )


def test_a_detection_may_have_more_outputs_than_are_used():
    require_declared_signature(INPUT, _tensors(**FOUND, raw=((1, 90, 4), "float32")), BOXES)
    few = BOXES.model_copy(
        update={"detection": BOXES.detection.model_copy(update={"count": None, "masks": None})}
    )
    require_declared_signature(INPUT, _tensors(b=FOUND["b"], s=FOUND["s"], c=FOUND["c"]), few)
