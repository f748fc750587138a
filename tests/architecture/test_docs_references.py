"""Every path, link, make target and command that a document names exists."""

import re

import pytest

from dicom_node.cli import main
from inference.__main__ import main as inference_main
from tests.architecture.documents import DOCUMENTS, ROOT, code_blocks, in_backticks, read

NAMES = [path.relative_to(ROOT).as_posix() for path in DOCUMENTS]
FOLDERS = ("dicom_node/", "inference/", "tests/", "deploy/", "docs/", ".ci/")


def test_there_are_the_documents_a_reader_is_promised() -> None:
    promised = {"README.md", "CONTRIBUTING.md", "CHANGELOG.md"}
    promised |= {f"docs/{name}.md" for name in ("architecture", "where-is-what", "lifecycle", "settings")}
    promised |= {f"docs/{name}.md" for name in ("model-package", "glossary", "why")}
    assert promised <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_path_named_exists(name: str) -> None:
    named = [each for each in in_backticks(read(name)) if each.startswith(FOLDERS)]
    missing = [each for each in named if not list(ROOT.glob(each.rstrip("/")))]
    assert not missing


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)]+)\)", read(name))
    local = [link for link in links if not link.startswith("http")]
    broken = [link for link in local if not _leads_somewhere(name, link)]
    assert not broken


@pytest.mark.parametrize("name", NAMES)
def test_every_make_target_named_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    named = {target for text in _commands(name) for target in re.findall(r"\bmake ([a-z-]+)", text)}
    assert named <= targets


@pytest.mark.parametrize("name", NAMES)
def test_every_command_named_exists(name: str) -> None:
    text = "\n".join(_commands(name))
    assert set(re.findall(r"\bdicom-node ([a-z]+)", text)) <= set(main.commands)
    assert set(re.findall(r"-m inference ([a-z]+)", text)) <= set(inference_main.commands)


def test_the_documents_name_every_command() -> None:
    text = "\n".join(command for name in NAMES for command in _commands(name))
    assert set(main.commands) == set(re.findall(r"\bdicom-node ([a-z]+)", text))
    assert set(inference_main.commands) == set(re.findall(r"-m inference ([a-z]+)", text))


def _commands(name: str) -> list[str]:
    return in_backticks(read(name)) + code_blocks(name, "sh")


def _leads_somewhere(name: str, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (ROOT / name).parent / path if path else ROOT / name
    if not target.exists():
        return False
    return not anchor or anchor in {_anchor(line) for line in target.read_text("utf-8").splitlines()}


def _anchor(line: str) -> str | None:
    """The anchor that forges give a heading."""
    if not line.startswith("#"):
        return None
    return re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-")
