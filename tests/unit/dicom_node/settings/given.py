"""What the tests of the settings share."""

import json
from pathlib import Path

import pytest

from dicom_node.errors import SettingsInvalid
from dicom_node.settings import load_settings

SHIPPED = Path(__file__).parents[4] / "settings.toml"


def written(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes_of(path: Path | None, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(SettingsInvalid) as caught:
        load_settings(path, environ or {})
    return str(caught.value).splitlines()[1:]


def modality(**keys: object) -> dict[str, str]:
    """The environment that lists one modality."""
    table = ", ".join(f"{key} = {json.dumps(value)}" for key, value in keys.items())
    return {"DICOM_NODE_SCP__MODALITY": f"[{{{table}}}]"}
