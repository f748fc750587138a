"""What every source file keeps to, beyond what ruff and mypy see."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for room in ("dicom_node", "inference") for path in (ROOT / room).rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}

DRAWERS = {"utils", "util", "common", "helpers", "helper", "misc", "tools", "shared", "base"}
ABBREVIATED = re.compile(
    r"(^|_)(aet|aets|ae_t|suid|puid)(_|$)|^(uid[0-9]*|study_uid|series_uid|sop_uid|instance_uid|study_id|series_id)$"
)

# The outermost loop of a process, where everything is caught, noted and tried again (DESIGN, rule 4).
OUTERMOST = {"dicom_node/process.py", "dicom_node/worker/analysis.py", "dicom_node/worker/celery_worker.py"}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _names_in(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.FunctionDef(name=name):
                names.add(name)
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return names


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or getattr(kind, "id", "") in ("Exception", "BaseException") for kind in caught)


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_every_module_says_what_it_is_for(path):
    docstring = ast.get_docstring(TREES[path])
    assert docstring, f"{_name(path)} has no docstring"
    assert docstring.splitlines()[0].endswith((".", "!", "?", ":")), docstring.splitlines()[0]


def test_there_is_no_drawer_for_odds_and_ends():
    found = [_name(path) for path in SOURCES if DRAWERS & {path.stem, *path.relative_to(ROOT).parent.parts}]
    assert found == []


def test_names_from_dicom_stand_in_full():
    found = {
        _name(path): hits
        for path, tree in TREES.items()
        if (hits := {n for n in _names_in(tree) if ABBREVIATED.search(n)})
    }
    # ``uid`` alone is allowed where the function is about any UID.
    allowed = {"uid"}
    assert {name: hits - allowed for name, hits in found.items() if hits - allowed} == {}


def test_everything_is_caught_only_in_the_outermost_loop_of_a_process():
    found = {
        _name(path)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
    }
    assert found <= OUTERMOST


def test_paths_are_pathlibs():
    found = [
        f"{_name(path)}:{node.lineno}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "path" and getattr(node.value, "id", "") == "os"
    ]
    assert found == []


def test_no_decision_reads_the_clock():
    """What decides gets ``now`` (DESIGN, rule 2): the ledger's steps and the pure modules never ask for it."""
    pure = [
        *(ROOT / "dicom_node/ledger").glob("*.py"),
        ROOT / "dicom_node/study/completeness.py",
        ROOT / "inference/package/match.py",
        ROOT / "dicom_node/routing/router.py",
        ROOT / "dicom_node/queue/rescue.py",
        ROOT / "dicom_node/queue/hints.py",
        ROOT / "dicom_node/delivery/backoff.py",
        ROOT / "dicom_node/delivery/courier.py",
    ]
    for path in pure:
        imported = {
            alias.name
            for node in ast.walk(TREES[path])
            if isinstance(node, ast.Import)
            for alias in node.names
        } | {node.module for node in ast.walk(TREES[path]) if isinstance(node, ast.ImportFrom)}
        assert not imported & {"time", "datetime"}, _name(path)
