import pytest
from pydantic import ValidationError

from inference.errors import PackageInvalid
from inference.package.manifest import read_manifest
from inference.package.prediction import Io, Predict, reason_not_together
from tests.model_package import MANIFEST

PLANES = {"input": "image", "input_rank": 4, "output": "p", "output_rank": 4}
VOLUMES = PLANES | {"input_rank": 5, "output_rank": 5}
NAMES = {"boxes": "b", "scores": "s", "classes": "c"}
BOXES = {"input": "image", "input_rank": 4, "detection": NAMES}


@pytest.mark.parametrize(
    ("tables", "task"),
    [
        (PLANES, "segmentation"),
        (VOLUMES, "segmentation"),
        (PLANES | {"output_rank": 2}, "classification"),
        (VOLUMES | {"output_rank": 2}, "classification"),
        (BOXES, "detection"),
    ],
)
def test_the_signature_tells_the_task(tables, task):
    assert Io(**tables).task == task


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        (PLANES | {"input_rank": 3}, "input_rank is 4"),
        (PLANES | {"output_rank": 3}, "output_rank is 2 .*, or 4 as the input's"),
        (PLANES | {"input_rank": 5}, "output_rank is 2 .*, or 5"),
        ({"input": "image", "input_rank": 4}, "name one output, or the outputs of a detection"),
        (PLANES | {"detection": NAMES}, "not both"),
        (BOXES | {"input_rank": 5}, "reads planes"),
        (PLANES | {"input_dtype": "int8"}, "float16"),
        (BOXES | {"detection": {"boxes": "b", "scores": "s"}}, "classes"),
    ],
)
def test_a_signature_that_answers_nothing_is_a_mistake(tables, sentence):
    with pytest.raises(ValidationError, match=sentence):
        Io(**tables)


@pytest.mark.parametrize(
    "keys",
    [
        {"members": 0},
        {"patch": (0, 8, 8)},
        {"patch": (8, 8)},
        {"overlap": 0.8},
        {"blend": "linear"},
        {"batch": 0},
        {"test_time_flips": ("depth",)},
        {"test_time_flips": ("rows", "rows")},
        {"temperature": 0},
        {"activation": "relu"},
    ],
)
def test_a_value_that_is_not_allowed_is_a_mistake(keys):
    with pytest.raises(ValidationError):
        Predict(**keys)


@pytest.mark.parametrize(
    ("io", "predict", "reason"),
    [
        (PLANES, {}, None),
        (PLANES, {"patch": (1, 64, 64), "members": 3, "test_time_flips": ("rows", "columns")}, None),
        (VOLUMES, {"patch": (32, 64, 64), "test_time_flips": ("slices",)}, None),
        (VOLUMES | {"output_rank": 2}, {"members": 3, "test_time_flips": ("slices",)}, None),
        (BOXES, {"temperature": 2.0}, None),
        (BOXES, {"members": 2}, "boxes have no mean"),
        (BOXES, {"test_time_flips": ("rows",)}, "boxes have no mean"),
        (BOXES, {"activation": "softmax"}, "scores stand each by itself"),
        (BOXES, {"patch": (1, 8, 8)}, "patch is for segmentation"),
        (PLANES | {"output_rank": 2}, {"patch": (1, 8, 8)}, "patch is for segmentation"),
        (VOLUMES, {}, "patch is missing"),
        (PLANES, {"patch": (2, 8, 8)}, "patch has one slice"),
        (PLANES, {"test_time_flips": ("slices",)}, "names slices"),
    ],
)
def test_what_goes_together(io, predict, reason):
    found = reason_not_together(Io(**io), Predict(**predict))
    assert (found is None) if reason is None else (found is not None and reason in found)


def test_the_tables_are_read_from_the_manifest(tmp_path):
    predict = '[predict]\npatch = [1, 64, 64]\nmembers = 3\ntest_time_flips = ["rows"]\nblend = "constant"\n'
    (tmp_path / "model.toml").write_text(MANIFEST + predict, encoding="utf-8")
    assert read_manifest(tmp_path).predict == Predict(
        patch=(1, 64, 64), members=3, test_time_flips=("rows",), blend="constant"
    )


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "[gate]",
            '[predict]\ntest_time_flips = ["slices"]\n[gate]',
            "names slices, but the network reads planes",
        ),
        ("output_rank = 4", "output_rank = 2", "the signature of a classification, but"),
        ("rank = 4", "rank = 5", "patch is missing"),
    ],
)
def test_tables_that_do_not_agree_are_a_mistake_in_the_manifest(tmp_path, old, new, sentence):
    (tmp_path / "model.toml").write_text(MANIFEST.replace(old, new), encoding="utf-8")
    with pytest.raises(PackageInvalid, match=sentence):
        read_manifest(tmp_path)
