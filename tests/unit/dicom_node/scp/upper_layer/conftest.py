"""A streaming server on loopback, with intakes that note what they are told, and peers that speak in bytes."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pynetdicom import AE, build_context, evt

from dicom_node.scp.admission import Caller, Refusal, local_limit_exceeded
from dicom_node.scp.intake import Announced
from dicom_node.scp.status import Status
from dicom_node.scp.upper_layer import provider
from dicom_node.scp.upper_layer.association import StreamingRequestHandler
from dicom_node.scp.upper_layer.doorbell import Doorbell
from dicom_node.scp.upper_layer.limits import Limits
from dicom_node.scp.upper_layer.server import StreamingServer
from tests.unit.dicom_node.given import CR_IMAGE, EXPLICIT
from tests.unit.dicom_node.scp.upper_layer.pdus import RELEASE_RQ, associate_rq

VERIFICATION = "1.2.840.10008.1.1"
ACCEPTED, RELEASED, ABORTED, P_DATA = 2, 6, 7, 4


class Slots:
    """Gives out a slot for each connection, or refuses it; counts those that are not given back."""

    def __init__(self) -> None:
        self.open = 0
        self.admitted = 0
        self.is_full = False
        self._lock = threading.Lock()

    def admit(self, address: str) -> "Slots | Refusal":
        assert address == "127.0.0.1"
        if self.is_full:
            return local_limit_exceeded("came too late", "wait")
        with self._lock:
            self.open += 1
            self.admitted += 1
        return self

    def free(self) -> None:
        with self._lock:
            self.open -= 1


class NotingIntake:
    """Notes what it was told; ``fail`` is called in ``finish``."""

    def __init__(self, announced: Announced, fail: Callable[[], None]) -> None:
        self.announced = announced
        self.content = b""
        self._gathered: list[memoryview] = []
        self.is_finished = self.is_given_up = False
        self._fail = fail

    def write(self, fragment: memoryview) -> None:
        self._gathered.append(fragment)

    def flush(self) -> None:
        """What was gathered is looked at only now, as the spool does."""
        self.content += b"".join(self._gathered)
        self._gathered.clear()

    def finish(self) -> Status:
        self.flush()
        self._fail()
        self.is_finished = True
        return Status.SUCCESS

    def give_up(self) -> None:
        self.is_given_up = True


class Served:
    """The server that runs, and what came to it."""

    def __init__(self, limits: Limits) -> None:
        self.intakes: list[NotingIntake] = []
        self.slots = Slots()
        self.turned_away: list[tuple[Caller, Refusal]] = []
        self.fail: Callable[[], None] = lambda: None
        entity = AE("OUR_NODE")
        entity.maximum_pdu_size = 1 << 17
        entity.maximum_associations = 100
        self.server: Any = entity.make_server(
            ("127.0.0.1", 0),
            contexts=[build_context(CR_IMAGE, EXPLICIT), build_context(VERIFICATION, EXPLICIT)],
            evt_handlers=[(evt.EVT_C_ECHO, lambda _: 0x0000)],
            server_class=StreamingServer,
            request_handler=StreamingRequestHandler,
        )
        self.server.begin = self._begin
        self.server.connections = self.slots
        self.server.note = lambda caller, refusal: self.turned_away.append((caller, refusal))
        self.server.limits = limits
        entity._servers.append(self.server)
        self.port = self.server.socket.getsockname()[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def _begin(self, announced: Announced) -> NotingIntake:
        self.intakes.append(NotingIntake(announced, lambda: self.fail()))
        return self.intakes[-1]


class Peer:
    """A connection to the server that speaks in bytes."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def associate(self) -> "Peer":
        """Context 1 for CR, 3 for verification."""
        self.send(associate_rq(CR_IMAGE, VERIFICATION))
        assert self.receive()[0] == ACCEPTED
        return self

    def send(self, *content: bytes) -> None:
        self.socket.sendall(b"".join(content))

    def receive(self) -> tuple[int, bytes]:
        """Kind and body of the next PDU; (0, b"") when the connection was closed."""
        header = self._exactly(6)
        if len(header) < 6:
            return 0, b""
        kind, length = struct.unpack(">BxI", header)
        return kind, self._exactly(length)

    def release(self) -> None:
        self.send(RELEASE_RQ)
        assert self.receive()[0] == RELEASED

    def is_aborted(self) -> bool:
        """Whether the next it gets is an A-ABORT, or nothing more at all."""
        try:
            return self.receive()[0] in (ABORTED, 0)
        except ConnectionResetError:
            return True

    def close(self) -> None:
        self.socket.close()

    def _exactly(self, count: int) -> bytes:
        content = b""
        while len(content) < count and (piece := self.socket.recv(count - len(content))):
            content += piece
        return content


@pytest.fixture
def look_around_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines are looked after once a second; here oftener."""
    monkeypatch.setattr(provider, "LOOK_AROUND_SECONDS", 0.05)
    monkeypatch.setattr(Doorbell, "LOOK_AROUND_SECONDS", 0.05)


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    started = []

    def start(**limits: float) -> Served:
        started.append(Served(Limits(**limits)))  # type: ignore[arg-type]
        return started[-1]

    yield start
    for each in started:
        each.server.shutdown()


@pytest.fixture
def served(serve: Callable[..., Served]) -> Served:
    return serve()


@pytest.fixture
def connect() -> Iterator[Callable[[Served], Peer]]:
    peers = []

    def to(served: Served) -> Peer:
        peers.append(Peer(served.port))
        return peers[-1]

    yield to
    for each in peers:
        each.close()


def wait_until(holds: Callable[[], bool], *, seconds: float = 10) -> None:
    """Return when it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.005)
