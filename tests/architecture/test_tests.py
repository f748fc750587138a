"""The unit tests mirror the source one to one: whoever knows a file's name knows where its test is."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Compositions and programs: what they do together is shown by tests/integration, not by units of their own.
SHOWN_ELSEWHERE = {
    "dicom_node/__main__.py",
    # The rehearsal drives a whole node and asks a whole PACS: tests/integration/test_rehearsal.py.
    "dicom_node/demo/rehearsal.py",
    "dicom_node/demo/node_under_rehearsal.py",
    "dicom_node/demo/inquiry.py",
    # The stand-in PACS on the network: tests/integration/test_stand_in_pacs.py.
    "dicom_node/demo/pacs/commitment_reporter.py",
    "dicom_node/demo/pacs/server.py",
    "dicom_node/demo/pacs/services.py",
    "dicom_node/demo/pacs/sockets.py",
    # Values and protocols without a line that does something.
    "inference/pipeline/outcome.py",
    "inference/pipeline/question.py",
    "inference/pipeline/wishes.py",
    "inference/train/case.py",
    "inference/train/evaluate/evaluation.py",
    "inference/train/evaluate/observed.py",
    "inference/train/learn/lesson.py",
    "inference/train/recipe/calibrate.py",
    "inference/train/recipe/fit.py",
    "inference/train/recipe/header.py",
    "inference/train/sampling/tables.py",
    "inference/train/recipe/envelope.py",
    # A way through several files, tested as a whole: test_dicom_and_seg.py, test_dicom_and_table.py, test_evaluate.py.
    "inference/train/sources/instances.py",
    "inference/train/sources/on_grid.py",
    "inference/train/sources/segmentation.py",
    "inference/train/evaluate/observe.py",
}
OF_A_ROOM = {
    # What a room does as a whole, or many files of one kind together.
    "tests/unit/inference/measure/test_measure.py",
    "tests/unit/inference/models/test_brain_package.py",
    "tests/unit/inference/models/test_chest_packages.py",
    "tests/unit/inference/pipeline/test_geometry.py",
    "tests/unit/inference/postprocess/rules/test_rules.py",
    "tests/unit/inference/postprocess/test_postprocess.py",
    "tests/unit/inference/predict/test_predict.py",
    "tests/unit/inference/preprocess/test_preprocess.py",
    "tests/unit/inference/train/augment/test_augment.py",
    "tests/unit/inference/train/augment/test_looks.py",
    "tests/unit/inference/train/augment/test_movements.py",
    "tests/unit/inference/train/methods/test_methods.py",
    "tests/unit/inference/train/test_shipped_package.py",
}
TOPS = ("dicom_node", "inference")

SOURCES = [
    path.relative_to(ROOT)
    for top in TOPS
    for path in (ROOT / top).rglob("*.py")
    if path.name != "__init__.py"
]
TESTS = [path.relative_to(ROOT) for top in TOPS for path in (ROOT / "tests/unit" / top).rglob("test_*.py")]


def _test_of(source: Path) -> Path:
    return Path("tests/unit") / source.parent / f"test_{source.stem.strip('_')}.py"


def _is_imported_in_its_room(source: Path) -> bool:
    """Whether a test beside where its own would stand says its name: those of one kind are tested together."""
    module = ".".join(source.with_suffix("").parts)
    beside = (ROOT / _test_of(source)).parent.glob("test_*.py")
    return any(f"from {module} import" in test.read_text(encoding="utf-8") for test in beside)


@pytest.mark.parametrize("source", sorted(SOURCES), ids=str)
def test_every_module_has_its_unit_test(source):
    if source.as_posix() in SHOWN_ELSEWHERE or (ROOT / _test_of(source)).is_file():
        return
    assert source.parts[0] == "inference", f"write {_test_of(source)}"
    assert _is_imported_in_its_room(source), f"write {_test_of(source)}"


@pytest.mark.parametrize("test", sorted(TESTS), ids=str)
def test_every_unit_test_is_of_a_module_or_of_a_room(test):
    of_a_module = test in {_test_of(source) for source in SOURCES}
    assert of_a_module or test.as_posix() in OF_A_ROOM, f"{test} mirrors no module"


def test_what_is_exempt_is_there_and_has_no_unit_test_after_all():
    named = {Path(each) for each in SHOWN_ELSEWHERE}
    assert named <= set(SOURCES)
    assert [each for each in named if (ROOT / _test_of(each)).is_file()] == []
    assert {Path(each) for each in OF_A_ROOM} <= set(TESTS)
