"""Can the package be written where it shall go? Asked before anything is learnt."""

import tempfile
from pathlib import Path

from inference.errors import TrainingRefused


def require_writable(out: Path) -> None:
    """Make the folder ``out`` where it is not there. Raises TrainingRefused where nothing can be put into it."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out, prefix=".trying-"):
            pass
    except OSError as error:
        raise TrainingRefused(
            f"nothing can be written to {out} ({error.strerror}); give --out a folder that can be made and written to"
        ) from None
