"""docs/architecture.md: rooms, layers, steps and processes are those of the code."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from dicom_node.cli import _programs, main
from dicom_node.ledger.processes import SILENT_AFTER_SECONDS
from dicom_node.process import BEAT_SECONDS
from dicom_node.settings import Settings
from tests.architecture.documents import ROOT, bare, code_blocks, in_backticks, read, table

PAGE = "docs/architecture.md"
FOUNDATIONS = {"dicom_node": {"events", "logs", "errors", "unreadable"}, "inference": {"errors"}}
NOT_ROOMS = {"__init__", "__main__", "models"}


def test_every_room_has_its_row_and_no_other() -> None:
    assert set(_rooms_of_the_page()) == {
        (top, path.stem)
        for top in FOUNDATIONS
        for path in (ROOT / top).iterdir()
        if path.stem not in NOT_ROOMS and (path.suffix == ".py" or (path / "__init__.py").exists())
    }


def test_no_room_imports_what_its_row_does_not_allow() -> None:
    for (top, room), allowed in _rooms_of_the_page().items():
        found = {other for path in _files(top, room) for other in _imported(path, top)}
        beyond = found - {room} - FOUNDATIONS[top] - allowed
        assert "all" in allowed or not beyond, f"{top}.{room} imports {beyond}"


def test_no_row_allows_what_the_layers_forbid() -> None:
    for (top, room), allowed in _rooms_of_the_page().items():
        level = _level(top)
        own = {other for other in allowed if other in level}
        assert not {other for other in own if level[other] <= level[room]}


def test_the_layers_are_those_of_import_linter() -> None:
    contracts = _contracts("layers")
    assert {contract["containers"][0] for contract in contracts} == set(FOUNDATIONS)
    for contract in contracts:
        (shown,) = code_blocks(PAGE, f"layers {contract['containers'][0]}")
        assert shown.splitlines() == contract["layers"]


def test_there_is_a_rule_for_each_contract_across() -> None:
    rules = table(PAGE, "Directions", "rule", "why").rows
    assert len(rules) == len(_contracts("forbidden"))


def test_the_way_of_one_study_has_eight_steps_each_with_its_file() -> None:
    section = read(PAGE).split("## The way of one study")[1].split("## Processes")[0]
    steps = re.findall(r"^(\d)\. (.*?)(?=^\d\. |^\S)", section, re.DOTALL | re.MULTILINE)
    assert [number for number, _ in steps] == [str(number) for number in range(1, 9)]
    for number, step in steps:
        assert any((ROOT / path).is_file() for path in in_backticks(step)), f"step {number} names no file"


def test_the_processes_are_those_that_up_runs() -> None:
    rows = table(PAGE, "Processes", "process", "does", "kill -9 means").rows
    started = [program.name for program in _programs(Settings(), None) if program.name != "broker"]
    assert {bare(row["process"]) for row in rows} == {*started, "up", "broker"}
    assert set(started) | {"up"} <= set(main.commands)
    assert f"`up` starts broker, {', '.join(started)}, and ends them" in read(PAGE)


def test_the_numbers_on_the_page() -> None:
    text = read(PAGE)
    assert f"every {BEAT_SECONDS:g} s and counts as dead when silent for {SILENT_AFTER_SECONDS:g} s" in text


def _rooms_of_the_page() -> dict[tuple[str, str], set[str]]:
    rows = table(PAGE, "Rooms", "room", "what it is", "may import").rows
    paths = [Path(bare(row["room"])) for row in rows]
    imports = [set(row["may import"].split(", ")) - {"nothing"} for row in rows]
    return {(path.parts[0], path.stem): allowed for path, allowed in zip(paths, imports, strict=True)}


def _files(top: str, room: str) -> list[Path]:
    file = ROOT / top / f"{room}.py"
    return [file] if file.exists() else sorted((ROOT / top / room).rglob("*.py"))


def _imported(path: Path, top: str) -> Iterator[str]:
    """Rooms of the same top folder by name, those of the other as ``inference.room``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for module in modules:
            first, _, rest = module.partition(".")
            if first in FOUNDATIONS and rest:
                room = rest.partition(".")[0]
                yield room if first == top else f"{first}.{room}"


def _contracts(kind: str) -> list[dict[str, list[str]]]:
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    return [contract for contract in contracts if contract["type"] == kind]


def _level(top: str) -> dict[str, int]:
    (contract,) = [each for each in _contracts("layers") if each["containers"] == [top]]
    return {room: level for level, layer in enumerate(contract["layers"]) for room in layer.split(" | ")}
