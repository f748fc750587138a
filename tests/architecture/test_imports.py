"""Who may import whom, and what the command line must not load."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

HEAVY = ("tensorflow", "keras", "highdicom")
NOT_FOR_A_QUESTION = ("pynetdicom", "celery", "redis", "starlette", "scipy", "PIL")


@pytest.fixture(scope="module")
def loaded_by_the_command_line() -> set[str]:
    """The top-level packages in memory after ``import dicom_node.cli`` in a fresh process."""
    script = "import json, sys, dicom_node.cli; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


@pytest.mark.parametrize("package", HEAVY)
def test_the_command_line_does_not_load_what_takes_seconds(loaded_by_the_command_line, package):
    assert "dicom_node" in loaded_by_the_command_line
    assert package not in loaded_by_the_command_line


@pytest.mark.parametrize("package", NOT_FOR_A_QUESTION)
def test_a_question_loads_no_more_than_the_ledger_needs(loaded_by_the_command_line, package):
    assert package not in loaded_by_the_command_line


def test_the_directions_between_the_rooms_are_kept():
    script = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout
