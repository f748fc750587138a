"""Each kind does what its name says, seen from the side of the one who is besieged."""

import asyncio
import threading
from contextlib import suppress

import pytest

from tests.benchmarks.ingest import pdu
from tests.benchmarks.ingest.stall_free import associate_request
from tests.benchmarks.siege import besiegers
from tests.benchmarks.siege.besiegers import KINDS, Siege, besiege
from tests.unit.benchmarks.ingest.test_stall_free import ACCEPTED

LONG_ENOUGH_SECONDS = 0.4
REQUEST = associate_request("X", "STRANGER")


class Besieged:
    """Takes every connection, answers every request, and notes what came from whom."""

    def __init__(self) -> None:
        self.came: list[tuple[str, bytearray]] = []

    async def take(self, reader, writer) -> None:
        content = bytearray()
        self.came.append((writer.get_extra_info("peername")[0], content))
        while part := await reader.read(4096):
            content += part
            if len(content) == len(associate_request("X", besiegers.OLD)) and b"OLD_CT" in content:
                writer.write(ACCEPTED)
        writer.close()


@pytest.fixture
def came(monkeypatch):
    """What one peer of each kind sent within a moment: address and bytes, in the order of the kinds."""
    monkeypatch.setattr(besiegers, "GATHERING_SECONDS", 0.0)
    monkeypatch.setattr(besiegers.random, "uniform", lambda low, high: low)
    besieged, ready, ports = Besieged(), threading.Event(), []
    loop = asyncio.new_event_loop()

    async def listen() -> None:
        server = await asyncio.start_server(besieged.take, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        await server.serve_forever()

    serving = threading.Thread(target=lambda: _run(loop, listen()), daemon=True)
    serving.start()
    assert ready.wait(5)
    siege = Siege(port=ports[0], ae_title="X", drip_seconds=0.05)
    told = besiege(siege, peers=len(KINDS), until=lambda: threading.Event().wait(LONG_ENOUGH_SECONDS))
    loop.call_soon_threadsafe(lambda: [each.cancel() for each in asyncio.all_tasks(loop)])
    serving.join(5)
    return told, [(address, bytes(content)) for address, content in besieged.came]


def _run(loop, listening) -> None:
    with suppress(asyncio.CancelledError):
        loop.run_until_complete(listening)


def test_they_take_and_do_not_give(came):
    told, seen = came
    assert told == {kind.name: {"connected": 1} for kind in KINDS}
    strangers = sorted(content for address, content in seen if address.startswith("127.0.4."))
    let_in = sorted((content for address, content in seen if address.startswith("127.0.3.")), key=len)
    silent, dripped, half = sorted(strangers, key=len)
    assert silent == b""
    assert half == REQUEST[: len(REQUEST) // 2]
    assert 2 <= len(dripped) <= 20 and REQUEST.startswith(dripped)
    idle, dripping = let_in
    assert idle == associate_request("X", besiegers.OLD)
    assert 2 <= len(dripping) - len(idle) <= 20 and dripping[len(idle)] == pdu.P_DATA
