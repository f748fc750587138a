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
}

SOURCES = [
    path.relative_to(ROOT) for path in (ROOT / "dicom_node").rglob("*.py") if path.name != "__init__.py"
]
TESTS = [path.relative_to(ROOT) for path in (ROOT / "tests/unit/dicom_node").rglob("test_*.py")]


def _test_of(source: Path) -> Path:
    return Path("tests/unit") / source.parent / f"test_{source.stem.strip('_')}.py"


@pytest.mark.parametrize("source", sorted(SOURCES), ids=str)
def test_every_module_of_the_node_has_its_unit_test(source):
    if source.as_posix() in SHOWN_ELSEWHERE:
        return
    assert (ROOT / _test_of(source)).is_file(), f"write {_test_of(source)}"


@pytest.mark.parametrize("test", sorted(TESTS), ids=str)
def test_every_unit_test_of_the_node_is_of_a_module(test):
    assert test in {_test_of(source) for source in SOURCES}, f"{test} mirrors no module"


def test_what_is_exempt_is_there_and_has_no_unit_test_after_all():
    named = {Path(each) for each in SHOWN_ELSEWHERE}
    assert named <= set(SOURCES)
    assert [each for each in named if (ROOT / _test_of(each)).is_file()] == []
