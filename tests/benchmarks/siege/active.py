"""Many associations at once, each of which stores: is everyone served, and is everything kept as it came?"""

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.ingest import pdu
from tests.benchmarks.ingest.instance import SERIES, SOP, SOP_CLASS_UID, STUDY, Uids, data_set
from tests.benchmarks.ingest.server import Server
from tests.benchmarks.ingest.stall_free import LONGEST_PDU_BYTES, SUCCESS, SendFailed, associate_request
from tests.benchmarks.siege.callers import WARD, WARD_NETWORK, addresses
from tests.benchmarks.siege.conversation import Conversation
from tests.benchmarks.siege.scale import Scale
from tests.benchmarks.siege.stronghold import path_of
from tests.neighbours.door import data_set_of

ANSWER_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One instance that was answered Success, by its UIDs."""

    study: str
    series: str
    sop: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """An association that is open."""

    conversation: Conversation
    maximum_pdu_bytes: int


@dataclass(kw_only=True)
class Crowd:
    """What became of all: ``at_once`` were open together; ``faults`` has a sentence for each that was not served."""

    at_once: int = 0
    sent: list[Sent] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


def store_all_at_once(server: Server, scale: Scale, uids: Uids) -> Crowd:
    """Open ``scale.active`` associations; when all are open, each stores its instances, and is released."""
    return asyncio.run(_store_all(server, scale, uids))


def count_not_kept(crowd: Crowd, folder: Path, scale: Scale) -> int:
    """How many of the sent are not in the spool byte for byte."""
    content = data_set(scale.active_size)
    return sum(not _is_kept(each, content, folder) for each in crowd.sent)


async def _store_all(server: Server, scale: Scale, uids: Uids) -> Crowd:
    crowd, content = Crowd(), data_set(scale.active_size)
    entering = [_enter(server, address, crowd) for address in addresses(WARD_NETWORK, scale.active)]
    open_lines = [line for line in await asyncio.gather(*entering) if line is not None]
    crowd.at_once = len(open_lines)
    began = time.perf_counter()
    await asyncio.gather(*(_store(line, content, scale, uids, crowd) for line in open_lines))
    crowd.seconds = time.perf_counter() - began
    return crowd


async def _enter(server: Server, address: str, crowd: Crowd) -> Line | None:
    try:
        conversation = await Conversation.open(server.port, address)
    except SendFailed as error:
        crowd.faults.append(f"not let in: {error}")
        return None
    try:
        await conversation.send(associate_request(server.ae_title, WARD))
        accepted = await conversation.receive(pdu.ASSOCIATE_AC, seconds=ANSWER_SECONDS)
        return Line(conversation=conversation, maximum_pdu_bytes=pdu.maximum_pdu_bytes(accepted))
    except (SendFailed, ValueError) as error:
        crowd.faults.append(f"not let in: {error}")
        conversation.close()
        return None


async def _store(line: Line, content: bytes, scale: Scale, uids: Uids, crowd: Crowd) -> None:
    study, series = uids.give(), uids.give()
    try:
        for _ in range(scale.each_active):
            each = Sent(study=study, series=series, sop=uids.give())
            began = time.perf_counter()
            await line.conversation.send(_request(content, each, line.maximum_pdu_bytes))
            status = await line.conversation.status(seconds=ANSWER_SECONDS)
            if status != SUCCESS:
                raise SendFailed(f"the answer to a C-STORE was status {status}")
            crowd.latencies.append(time.perf_counter() - began)
            crowd.sent.append(each)
        await line.conversation.send(pdu.release_request())
        await line.conversation.receive(pdu.RELEASE_RP, seconds=ANSWER_SECONDS)
    except SendFailed as error:
        crowd.faults.append(str(error))
    finally:
        line.conversation.close()


def _request(content: bytes, each: Sent, maximum_pdu_bytes: int) -> bytearray:
    return pdu.store_request(
        _named(content, each),
        sop_class_uid=SOP_CLASS_UID,
        sop_instance_uid=each.sop,
        maximum_pdu_bytes=maximum_pdu_bytes or LONGEST_PDU_BYTES,
    )


def _named(content: bytes, each: Sent) -> bytes:
    for placeholder, uid in ((STUDY, each.study), (SERIES, each.series), (SOP, each.sop)):
        content = content.replace(placeholder.encode(), uid.encode())
    return content


def _is_kept(each: Sent, content: bytes, folder: Path) -> bool:
    path = path_of(folder, study=each.study, series=each.series, sop=each.sop)
    return path.is_file() and data_set_of(path) == _named(content, each)
