"""docs/settings.md holds every key of dicom_node/settings.py, its limits, default and environment name."""

import tomllib
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo

from dicom_node.settings import ENVIRONMENT_PREFIX, DestinationSettings, Section, Settings, load_settings
from tests.architecture.documents import ROOT, Row, bare, code_blocks, in_backticks, table, tables
from tests.architecture.limits import default_of, words_of

PAGE = "docs/settings.md"
COLUMNS = ("key", "type and limits", "default", "meaning", "environment")


def _sections() -> dict[str, type[Section]]:
    fields = {name: field.annotation for name, field in Settings.model_fields.items()}
    return {**fields, "destinations": DestinationSettings}  # type: ignore[dict-item]


def _heading(section: str) -> str:
    return "`[destinations.<name>]`" if section == "destinations" else f"`[{section}]`"


def _rows(section: str) -> dict[str, Row]:
    return {row["key"]: row for row in table(PAGE, _heading(section), *COLUMNS).rows}


KEYS = [(section, key) for section, kind in _sections().items() for key in kind.model_fields]


def test_there_is_a_section_for_each_room_and_no_other() -> None:
    headings = {each.heading for each in tables(PAGE) if each.columns == COLUMNS}
    assert headings == {_heading(section) for section in _sections()}


@pytest.mark.parametrize(("section", "kind"), _sections().items())
def test_every_key_and_no_other(section: str, kind: type[Section]) -> None:
    assert list(_rows(section)) == list(kind.model_fields)


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_default(section: str, key: str) -> None:
    assert _rows(section)[key]["default"] == _default(section, key)


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_type_and_limits(section: str, key: str) -> None:
    cell = _rows(section)[key]["type and limits"]
    words = words_of(_field(section, key))
    assert [cell] == words or not words
    assert cell and _rows(section)[key]["meaning"]


@pytest.mark.parametrize(("section", "key"), [each for each in KEYS if each[0] != "destinations"])
def test_the_environment_name_sets_the_key(section: str, key: str, tmp_path: Path) -> None:
    name = bare(_rows(section)[key]["environment"])
    assert name == f"{ENVIRONMENT_PREFIX}{section}__{key}".upper()
    file = tmp_path / "settings.toml"
    file.write_text(
        f"[{section}]\n{key} = false\n"
    )  # wrong for every key, so that only the environment helps

    settings = load_settings(file, {name: bare(_rows(section)[key]["default"]).strip('"')})

    wanted = load_settings(_written(tmp_path / "other" / "settings.toml", section, key), {})
    assert str(getattr(getattr(settings, section), key)) == str(
        getattr(getattr(wanted, section), key)
    ).replace("/other", "")


def test_the_environment_can_name_a_destination() -> None:
    (row,) = _rows("destinations").values()
    name = bare(row["environment"]).replace("<NAME>", "PACS")
    settings = load_settings(ROOT / "settings.toml", {name: "dicom://PACS@10.0.0.5:104"})
    assert settings.destinations["pacs"].url == "dicom://PACS@10.0.0.5:104"


def test_every_form_of_a_url_that_is_named_is_allowed(tmp_path: Path) -> None:
    for section in ("spool", "ledger", "queue"):
        forms = in_backticks(_rows(section)["url"]["type and limits"])
        for form in forms:
            written = form.replace("HOST:PORT/DB", "localhost:6379/0").replace("…", "localhost:6379/0")
            assert load_settings(None, {f"DICOM_NODE_{section}__URL".upper(): written})


def test_the_examples_are_valid(tmp_path: Path) -> None:
    for shown in code_blocks(PAGE, "toml"):
        (tmp_path / "settings.toml").write_text(shown)
        assert load_settings(tmp_path / "settings.toml", {}).destinations.keys() == {"pacs", "research"}


def test_the_shipped_file_holds_the_defaults_of_the_page() -> None:
    shipped = tomllib.loads((ROOT / "settings.toml").read_text("utf-8"))
    shown = {
        (section, key): _rows(section)[key]["default"] for section, key in KEYS if section != "destinations"
    }
    assert {
        (section, key): tomllib.loads(f"value = {bare(default)}")["value"]
        for (section, key), default in shown.items()
    } == {(section, key): value for section, keys in shipped.items() for key, value in keys.items()}


def _default(section: str, key: str) -> str:
    if (section, key) == ("inference", "packages"):
        folders = [path.resolve().relative_to(ROOT).as_posix() for path in Settings().inference.packages]
        return "`[" + ", ".join(f'"{folder}"' for folder in folders) + "]`"
    return default_of(_field(section, key))


def _field(section: str, key: str) -> FieldInfo:
    return _sections()[section].model_fields[key]


def _written(path: Path, section: str, key: str) -> Path:
    path.parent.mkdir()
    path.write_text(f"[{section}]\n{key} = {bare(_rows(section)[key]['default'])}\n")
    return path
