"""Settings are read: the file, then the environment, then all checked at once."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from dicom_node.errors import SettingsInvalid
from dicom_node.settings.environment import override
from dicom_node.settings.mistakes import mistakes_in
from dicom_node.settings.paths import with_absolute_paths
from dicom_node.settings.settings import Settings


def load_settings(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings file (or none), let the environment override it, and check the whole.

    Without ``path`` a ``settings.toml`` in the current folder is taken, else the defaults.
    Raises SettingsInvalid with every mistake at once, one a line.
    """
    if path is None and Path("settings.toml").is_file():
        path = Path("settings.toml")
    tables = _read(path) if path else {}
    mistakes = override(tables, environ)
    try:
        settings = Settings.model_validate(tables)
    except ValidationError as error:
        mistakes += mistakes_in(error)
    if mistakes:
        where = str(path) if path else "the settings"
        raise SettingsInvalid(f"{where} cannot be used:\n" + "\n".join(f"  {line}" for line in mistakes))
    return with_absolute_paths(settings, path.resolve().parent if path else Path.cwd())


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsInvalid(f"there is no settings file {path}; name another with --settings") from None
    except RecursionError:
        raise SettingsInvalid(f"{path} cannot be read as TOML: it is nested too deep") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsInvalid(f"{path} cannot be read as TOML: {error}") from None
