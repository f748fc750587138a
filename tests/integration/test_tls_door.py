"""The whole door by TLS: instances are kept as they came, and who may not come by TLS, or not without it, stays out."""

import os
import ssl
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.neighbours.certificates import Authority
from tests.neighbours.door import Door, data_set_of
from tests.neighbours.instance import PATIENT, Instance, new_instance
from tests.neighbours.peer import ABORT, ASSOCIATE_RJ, CT_IMAGE, Closed, Peer, associate_rq
from tests.neighbours.ports import free_port

pytestmark = pytest.mark.real_neighbours

REQUEST_SECONDS = 2.0
LOOK_AROUND_SECONDS = 1.5
HERE = "127.0.0.1"
MODALITIES = [
    {"ae_title": "HOSTILE", "address": HERE},
    {"ae_title": "TLS_ONLY", "address": HERE, "tls_only": True},
]

BOTH = pytest.mark.parametrize("door", ["streaming", "stock"], indirect=True)
STREAMING = pytest.mark.parametrize("door", ["streaming"], indirect=True)


class TlsDoor(Door):
    """A door with a second port, where peers must show a certificate of ``authority``."""

    def __init__(self, folder: Path, authority: Authority, *, receiver: str) -> None:
        self.tls_port = free_port()
        node = authority.issue(f"node_{receiver}")
        tls = {"port": self.tls_port, "certificate": node.certificate, "key": node.key}
        super().__init__(
            folder,
            receiver=receiver,
            request_seconds=REQUEST_SECONDS,
            modality=MODALITIES,
            tls={**tls, "peers_ca": authority.certificate},
        )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates") / "ours")


@pytest.fixture(scope="module")
def modality(authority: Authority) -> ssl.SSLContext:
    """What a peer speaks TLS with that trusts the node and is known to it."""
    shown = authority.issue("modality")
    context = ssl.create_default_context(cafile=str(authority.certificate))
    context.load_cert_chain(shown.certificate, shown.key)
    return context


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[dict[str, TlsDoor]]:
    running: dict[str, TlsDoor] = {}
    for receiver in ("streaming", "stock"):
        running[receiver] = TlsDoor(
            tmp_path_factory.mktemp(receiver) / "a" / "b", authority, receiver=receiver
        )
        running[receiver].start()
        running[receiver].check_canary()
        running[receiver].remember_rest()
    yield running
    assert {door.stop() for door in running.values()} == {0}


@pytest.fixture
def door(request: pytest.FixtureRequest, doors: dict[str, TlsDoor]) -> Iterator[TlsDoor]:
    """The door with the receiver of the parametrisation; after the test it must be as it was before."""
    door = doors[request.param]
    yield door
    door.check_canary()
    door.settle()
    door.check_files()
    door.check_log(PATIENT.decode())


def store(port: int, instances: Sequence[Instance], tls: ssl.SSLContext | None = None) -> list[int]:
    """Store them over one association; returns their statuses."""
    with Peer(port, tls=tls) as peer:
        peer.associate()
        answers = [peer.store(CT_IMAGE, each.sop_instance_uid, each.data_set) for each in instances]
        peer.release()
    return answers


def assert_kept(door: Door, instances: Sequence[Instance]) -> None:
    assert [data_set_of(door.path(each)) == each.data_set for each in instances] == [True] * len(instances)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@BOTH
def test_instances_sent_by_tls_are_kept_byte_for_byte(
    door: TlsDoor, authority: Authority, version: ssl.TLSVersion
) -> None:
    shown = authority.issue(f"{door.receiver}_{version.name}")
    context = ssl.create_default_context(cafile=str(authority.certificate))
    context.load_cert_chain(shown.certificate, shown.key)
    context.minimum_version = context.maximum_version = version
    # Less than a TLS record, more than one, and more than the receive buffer: where they end is not where PDUs do.
    instances = [new_instance(pixels=os.urandom(size)) for size in (2, 16_500, 100_000, 5_000_000)]
    assert store(door.tls_port, instances, context) == [0] * len(instances)
    assert_kept(door, instances)


@BOTH
def test_plain_and_tls_are_served_at_once(door: TlsDoor, modality: ssl.SSLContext) -> None:
    sent = [[new_instance(pixels=os.urandom(200_000)) for _ in range(8)] for _ in range(4)]
    ways = [(door.port, None), (door.tls_port, modality)] * 2
    with ThreadPoolExecutor(len(ways)) as threads:
        storing = [
            threads.submit(store, port, instances, tls)
            for instances, (port, tls) in zip(sent, ways, strict=True)
        ]
        assert [each.result(60) for each in storing] == [[0] * 8] * len(ways)
    assert_kept(door, [each for instances in sent for each in instances])


@pytest.mark.parametrize("shown", ["nothing", "of another authority"])
@BOTH
def test_who_shows_no_certificate_that_is_known_stores_nothing(
    door: TlsDoor, authority: Authority, tmp_path: Path, shown: str
) -> None:
    context = ssl.create_default_context(cafile=str(authority.certificate))
    if shown != "nothing":
        theirs = Authority(tmp_path / "theirs").issue("modality")
        context.load_cert_chain(theirs.certificate, theirs.key)
    before = door.kept()
    with pytest.raises((ssl.SSLError, Closed)):
        store(door.tls_port, [new_instance()], context)
    assert door.kept() == before


@BOTH
def test_dicom_without_tls_is_not_understood_at_the_tls_port(door: TlsDoor) -> None:
    with Peer(door.tls_port) as peer:
        peer.send(associate_rq())
        try:
            said = [each.kind for each in peer.until_closed(seconds=REQUEST_SECONDS + LOOK_AROUND_SECONDS)]
        except TimeoutError:  # an alert of TLS is no PDU, however long one waits for its rest
            pytest.fail("the connection was left open")
    assert said == []


@BOTH
def test_who_must_come_by_tls_is_refused_at_the_plain_port_alone(
    door: TlsDoor, modality: ssl.SSLContext
) -> None:
    with Peer(door.port) as peer:
        peer.send(associate_rq(calling_ae_title=b"TLS_ONLY"))
        answer = peer.receive()
        assert (answer.kind, answer.body) == (ASSOCIATE_RJ, b"\0\1\1\1")
    instance = new_instance()
    with Peer(door.tls_port, tls=modality) as peer:
        peer.associate(calling_ae_title=b"TLS_ONLY")
        assert peer.store(CT_IMAGE, instance.sop_instance_uid, instance.data_set) == 0
        peer.release()
    assert_kept(door, [instance])


@STREAMING
def test_who_is_silent_or_stops_in_the_handshake_keeps_nobody_waiting_and_is_let_go(
    door: TlsDoor, modality: ssl.SSLContext
) -> None:
    instances = [new_instance() for _ in range(3)]
    with ExitStack() as stack:
        began = time.monotonic()
        silent, half, shaken = (
            [stack.enter_context(Peer(door.tls_port, tls=tls)) for _ in range(5)]
            for tls in (None, None, modality)
        )
        for peer in half:
            peer.send(b"\x16\x03\x01\x02\x00\x01")  # a ClientHello that ends after its first byte
        started = time.monotonic()
        assert store(door.tls_port, instances, modality) == [0] * len(instances)
        assert time.monotonic() - started < 1
        for peer in (*silent, *half, *shaken):
            said = peer.until_closed(seconds=REQUEST_SECONDS + LOOK_AROUND_SECONDS)
            assert [each.kind for each in said] in ([], [ABORT])
        assert time.monotonic() - began < REQUEST_SECONDS + LOOK_AROUND_SECONDS
    assert_kept(door, instances)
