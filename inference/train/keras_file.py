"""A .keras file as a network, if it is made of Keras' own layers and nothing else.

The file holds a configuration that names Python classes. Keras refuses the worst of it; here the configuration is
read as data first, so that nothing is imported or built for a file that asks for more than layers.
"""

import json
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras

from inference.errors import PackageInvalid

LARGEST_CONFIGURATION_BYTES = 16 * 1024 * 1024
_OWN = ("keras", "builtins")


def load_keras(path: Path) -> keras.Model:
    """The network in ``path``; raises PackageInvalid for a file with Lambda layers or classes of its own."""
    for piece in _pieces(_configuration(path)):
        if reason := _reason_no_layer(piece):
            raise PackageInvalid(
                f"{path} {reason}; build the network from Keras' own layers, or give a SavedModel"
            )
    try:
        return keras.models.load_model(path, compile=False, safe_mode=True)
    except (ValueError, TypeError, KeyError, OSError, AttributeError) as error:
        raise PackageInvalid(f"{path} cannot be loaded by Keras: {type(error).__name__}") from error


def _configuration(path: Path) -> Any:
    try:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo("config.json")
            if info.file_size > LARGEST_CONFIGURATION_BYTES:
                raise PackageInvalid(f"{path}: its config.json is too large to be one")
            return json.loads(archive.read(info))
    except (OSError, KeyError, ValueError, RecursionError, zipfile.BadZipFile, zlib.error) as error:
        raise PackageInvalid(
            f"{path} is no .keras file ({type(error).__name__}); write it with model.save"
        ) from None


def _pieces(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of the configuration that names a class, however deep."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if "class_name" in each:
                yield each
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each


def _reason_no_layer(piece: dict[str, Any]) -> str | None:
    name, module = str(piece["class_name"]), piece.get("module")
    if name in ("Lambda", "__lambda__"):
        return "holds a Lambda, which is Python code"
    if name == "function" or (module is not None and str(module).split(".")[0] not in _OWN):
        return f"holds {name} of {module}, which is code of its own"
    return None
