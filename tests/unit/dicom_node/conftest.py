"""A real ledger and a real spool on temporary folders."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from dicom_node.ledger import Ledger
from dicom_node.spool import DiskSpool


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def spool(tmp_path: Path) -> DiskSpool:
    return DiskSpool(tmp_path / "spool")


@pytest.fixture
def logging_restored() -> Iterator[None]:
    """For tests of what sets up logging for a whole process."""
    loggers = [logging.getLogger(name) for name in (None, "dicom_node", "pynetdicom")]
    levels, handlers = [each.level for each in loggers], list(loggers[0].handlers)
    yield
    loggers[0].handlers[:] = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
