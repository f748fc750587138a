"""The environment has the last word: ``DICOM_NODE_SCP__PORT`` is ``[scp] port``."""

import tomllib
from collections.abc import Mapping
from typing import Any

ENVIRONMENT_PREFIX = "DICOM_NODE_"


def override(tables: dict[str, Any], environ: Mapping[str, str]) -> list[str]:
    """Put the environment's values into ``tables``; returns what was wrong with their names."""
    mistakes = []
    for name in sorted(environ):
        if not name.startswith(ENVIRONMENT_PREFIX) or "__" not in name:
            continue  # others may use the prefix: a Kubernetes service named dicom-node does
        *sections, key = name.removeprefix(ENVIRONMENT_PREFIX).lower().split("__")
        table: Any = tables
        for section in sections:
            table = table.setdefault(_as_written(section, table), {}) if isinstance(table, dict) else None
        if not sections or not isinstance(table, dict):
            mistakes.append(f"environment {name}: no such key; the form is {ENVIRONMENT_PREFIX}SECTION__KEY")
        else:
            table[key] = _value(environ[name])
    return mistakes


def _as_written(section: str, table: dict[str, Any]) -> str:
    """Environment names have no case; a destination's name has the one it was given in the file."""
    return next((name for name in table if name.lower() == section), section)


def _value(text: str) -> Any:
    """A list or table is written as in TOML; anything else is taken as it stands."""
    if not text.startswith(("[", "{")):
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
