"""Where instances go: the real spool and the real ledger, and as much room as the disk has."""

import time
from collections.abc import Iterator

import pytest

from dicom_node.scp.intake import Receiving
from dicom_node.scp.room import Room
from tests.unit.dicom_node.given import NOW


@pytest.fixture
def receiving(spool, ledger) -> Iterator[Receiving]:
    room = Room(spool.folder, keep_free_bytes=0, clock=time.monotonic)
    opened = Receiving(spool=spool, ledger=ledger, room=room, clock=lambda: NOW)
    yield opened
    opened.close()
