"""docs/settings.md holds every key of dicom_node/settings, its limits, default and environment name."""

import tomllib
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo

from dicom_node.settings import (
    ENVIRONMENT_PREFIX,
    DestinationSettings,
    ModalitySettings,
    Settings,
    TlsSettings,
    load_settings,
)
from dicom_node.settings.section import Section
from tests.architecture.documents import ROOT, Row, bare, code_blocks, in_backticks, read, table, tables
from tests.architecture.limits import default_of, words_of

PAGE = "docs/settings.md"
COLUMNS = ("key", "type and limits", "default", "meaning", "environment")


HEADINGS = {"destinations": "`[destinations.<name>]`", "scp.modality": "`[[scp.modality]]`"}
WITHOUT_DEFAULTS = {
    "destinations": DestinationSettings,
    "scp.modality": ModalitySettings,
    "scp.tls": TlsSettings,
}
"""Sections that are not there unless somebody writes them."""


def _sections() -> dict[str, type[Section]]:
    fields = {name: field.annotation for name, field in Settings.model_fields.items()}
    return fields | WITHOUT_DEFAULTS  # type: ignore[operator]


def _heading(section: str) -> str:
    return HEADINGS.get(section, f"`[{section}]`")


def _rows(section: str) -> dict[str, Row]:
    return {row["key"]: row for row in table(PAGE, _heading(section), *COLUMNS).rows}


def _keys(section: str, kind: type[Section]) -> list[str]:
    """Without those that are sections of their own."""
    return [key for key in kind.model_fields if f"{section}.{key}" not in WITHOUT_DEFAULTS]


KEYS = [(section, key) for section, kind in _sections().items() for key in _keys(section, kind)]
KEYS_WITH_DEFAULTS = [(section, key) for section, key in KEYS if section not in WITHOUT_DEFAULTS]


def test_there_is_a_section_for_each_room_and_no_other() -> None:
    headings = {each.heading for each in tables(PAGE) if each.columns == COLUMNS}
    assert headings == {_heading(section) for section in _sections()}


@pytest.mark.parametrize(("section", "kind"), _sections().items())
def test_every_key_and_no_other(section: str, kind: type[Section]) -> None:
    assert list(_rows(section)) == _keys(section, kind)


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_default(section: str, key: str) -> None:
    assert _rows(section)[key]["default"] == _default(section, key)


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_type_and_limits(section: str, key: str) -> None:
    cell = _rows(section)[key]["type and limits"]
    words = words_of(_field(section, key))
    assert cell == " or ".join(words) or not words
    assert cell and _rows(section)[key]["meaning"]


@pytest.mark.parametrize(("section", "key"), KEYS_WITH_DEFAULTS)
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
    given = {
        "url": "dicom://PACS@10.0.0.5:104",
        "kinds": '["SR"]',
        "segmentation": "LABELMAP",
        "compression": "RLE",
        "frames_at_most": "400",
    }
    names = {key: bare(row["environment"]) for key, row in _rows("destinations").items()}
    environ = {names[key].replace("<NAME>", "PACS"): value for key, value in given.items()}
    pacs = load_settings(ROOT / "settings.toml", environ).destinations["pacs"]
    assert pacs.model_dump() == given | {"kinds": ("SR",), "frames_at_most": 400}
    assert given.keys() == names.keys()


def test_the_environment_can_name_modalities() -> None:
    (name,) = {bare(row["environment"]) for row in _rows("scp.modality").values()}
    (shown,) = [each for each in in_backticks(read(PAGE)) if each.startswith(f"{name}=")]
    settings = load_settings(ROOT / "settings.toml", {name: shown.removeprefix(f"{name}=").strip("'")})
    assert [(each.ae_title, each.address) for each in settings.scp.modality] == [("CT1", "10.0.0.7")]


def test_the_environment_can_set_tls() -> None:
    values = {"port": "2763", "certificate": "a", "key": "b", "peers_ca": "c", "mutual": "true"}
    environ = {bare(row["environment"]): values[key] for key, row in _rows("scp.tls").items()}
    tls = load_settings(ROOT / "settings.toml", environ).scp.tls
    assert tls is not None
    assert (tls.port, tls.mutual, tls.key, tls.peers_ca) == (2763, True, ROOT / "b", ROOT / "c")


def test_every_form_of_a_url_that_is_named_is_allowed(tmp_path: Path) -> None:
    for section in ("spool", "ledger", "queue"):
        forms = in_backticks(_rows(section)["url"]["type and limits"])
        for form in forms:
            written = form.replace("HOST:PORT/DB", "localhost:6379/0").replace("…", "localhost:6379/0")
            assert load_settings(None, {f"DICOM_NODE_{section}__URL".upper(): written})


def test_the_examples_are_valid(tmp_path: Path) -> None:
    shown = "".join(code_blocks(PAGE, "toml"))
    (tmp_path / "settings.toml").write_text(shown)
    settings = load_settings(tmp_path / "settings.toml", {})
    assert settings.destinations.keys() == {"pacs", "research"}
    assert [each.ae_title for each in settings.scp.modality] == ["CT1", "MR_ROOM_4"]
    assert settings.scp.tls is not None


def test_the_shipped_file_holds_the_defaults_of_the_page() -> None:
    shipped = tomllib.loads((ROOT / "settings.toml").read_text("utf-8"))
    shown = {(section, key): _rows(section)[key]["default"] for section, key in KEYS_WITH_DEFAULTS}
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
