"""docs/why.md gives a reason for every dependency of pyproject.toml, and for no other."""

import re
import tomllib

from tests.architecture.documents import bare, in_backticks, read, table

PAGE = "docs/why.md"
PYPROJECT = tomllib.loads(read("pyproject.toml"))


def test_every_runtime_dependency_has_its_row() -> None:
    project = PYPROJECT["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    required = [each for group in groups for each in group]
    rows = table(PAGE, "Dependencies", "dependency", "for", "why this one").rows
    assert {_name(bare(row["dependency"])) for row in rows} == {_name(each) for each in required}
    assert all(row["for"] for row in rows)


def test_every_development_dependency_is_named() -> None:
    (sentence,) = [line for line in read(PAGE).splitlines() if line.startswith("For development:")]
    assert set(in_backticks(sentence)) == {_name(each) for each in PYPROJECT["dependency-groups"]["dev"]}


def test_the_numbers_on_the_page() -> None:
    from dicom_node.queue.broker import make_app

    assert make_app("redis://").conf.worker_proc_alive_timeout == 300
    assert "`worker_proc_alive_timeout` of 300" in read(PAGE)


def _name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9_.-]+", requirement)
    assert match
    return match[0].lower()
