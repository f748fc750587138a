"""Peers that take and do not give: each kind does its worst, and again as soon as it is shown out.

Run as a program (``python -m … PORT AE_TITLE PEERS DRIP_SECONDS``) it is all of them, in one process that mostly
waits. It prints a line when all stand there, and when its stdin ends, what became of them as JSON.
"""

import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import cycle, islice

from tests.benchmarks.ingest import pdu
from tests.benchmarks.ingest.instance import SMALL, SOP, SOP_CLASS_UID, data_set
from tests.benchmarks.ingest.stall_free import SendFailed, associate_request
from tests.benchmarks.siege.callers import OLD, OLD_NETWORK, STRANGERS_NETWORK, addresses
from tests.benchmarks.siege.conversation import Conversation

LONG_SECONDS = 3600.0
ANSWER_SECONDS = 20.0
GATHERING_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class Siege:
    """Against whom, and how slowly."""

    port: int
    ae_title: str
    drip_seconds: float


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What one peer does once it is connected; ``is_let_in``: from an address and under a name that are listed."""

    name: str
    act: Callable[[Conversation, Siege], Awaitable[None]]
    is_let_in: bool = False


async def _be_silent(line: Conversation, siege: Siege) -> None:
    await line.wait_until_closed(LONG_SECONDS)


async def _drip_a_request(line: Conversation, siege: Siege) -> None:
    await _drip(line, associate_request(siege.ae_title, "STRANGER"), siege)


async def _stop_in_a_request(line: Conversation, siege: Siege) -> None:
    request = associate_request(siege.ae_title, "STRANGER")
    await line.send(request[: len(request) // 2])
    await line.wait_until_closed(LONG_SECONDS)


async def _be_idle(line: Conversation, siege: Siege) -> None:
    await _associate(line, siege)
    await line.wait_until_closed(LONG_SECONDS)


async def _drip_an_instance(line: Conversation, siege: Siege) -> None:
    await _associate(line, siege)
    request = pdu.store_request(
        data_set(SMALL), sop_class_uid=SOP_CLASS_UID, sop_instance_uid=SOP, maximum_pdu_bytes=16384
    )
    await _drip(line, request, siege)


KINDS = (
    Kind(name="connected and silent", act=_be_silent),
    Kind(name="let in, then idle", act=_be_idle, is_let_in=True),
    Kind(name="a request, byte by byte", act=_drip_a_request),
    Kind(name="let in, then an instance byte by byte", act=_drip_an_instance, is_let_in=True),
    Kind(name="half a request, then silent", act=_stop_in_a_request),
)


def besiege(siege: Siege, *, peers: int, until: Callable[[], object]) -> dict[str, dict[str, int]]:
    """So many peers until ``until`` returns; kind -> how often it connected, was refused, was shown out."""
    return asyncio.run(_besiege(siege, peers=peers, until=until))


async def _besiege(siege: Siege, *, peers: int, until: Callable[[], object]) -> dict[str, dict[str, int]]:
    kinds = list(islice(cycle(KINDS), peers))
    told = {kind.name: Counter[str]() for kind in KINDS}
    let_in, strangers = iter(addresses(OLD_NETWORK, peers)), iter(addresses(STRANGERS_NETWORK, peers))
    standing = [
        asyncio.create_task(
            _stand(kind, next(let_in if kind.is_let_in else strangers), siege, told[kind.name])
        )
        for kind in kinds
    ]
    await asyncio.sleep(siege.drip_seconds + GATHERING_SECONDS)
    await asyncio.to_thread(until)
    for each in standing:
        each.cancel()
    await asyncio.gather(*standing, return_exceptions=True)
    return {name: dict(counted) for name, counted in told.items()}


async def _stand(kind: Kind, address: str, siege: Siege, told: Counter[str]) -> None:
    """Stand in the door; shown out, wait as long as between two bytes and come again.

    They come one by one, as people do who know nothing of each other, and not all in one instant.
    """
    await asyncio.sleep(random.uniform(0, siege.drip_seconds))
    while True:
        try:
            line = await Conversation.open(siege.port, address)
        except SendFailed:
            told["not connected"] += 1
        else:
            told["connected"] += 1
            try:
                await kind.act(line, siege)
                told["shown out"] += 1
            except SendFailed:
                told["refused"] += 1
            finally:
                line.close()
        await asyncio.sleep(siege.drip_seconds)


async def _associate(line: Conversation, siege: Siege) -> None:
    await line.send(associate_request(siege.ae_title, OLD))
    await line.receive(pdu.ASSOCIATE_AC, seconds=ANSWER_SECONDS)


async def _drip(line: Conversation, content: bytes | bytearray, siege: Siege) -> None:
    for at in range(len(content)):
        await line.send(content[at : at + 1])
        if await line.wait_until_closed(siege.drip_seconds):
            return


def _main(port: str, ae_title: str, peers: str, drip_seconds: str) -> None:
    siege = Siege(port=int(port), ae_title=ae_title, drip_seconds=float(drip_seconds))
    print(json.dumps(besiege(siege, peers=int(peers), until=_stdin_ends)))


def _stdin_ends() -> None:
    print("all stand there", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    _main(*sys.argv[1:])
