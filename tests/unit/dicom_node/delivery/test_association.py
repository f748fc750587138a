import socket
from types import SimpleNamespace

import pytest
from pynetdicom import AE, build_context

from dicom_node.delivery.association import associate
from dicom_node.delivery.destination import Destination
from dicom_node.errors import DestinationAway

PACS = Destination(name="archive", ae_title="PACS", host="10.0.0.5", port=104)
CONTEXTS = [build_context("1.2.840.10008.1.1")]


class _Association:
    """What pynetdicom gives back from ``associate``."""

    def __init__(self, *, established: bool = True, rejected: bool = False, answer: object = None) -> None:
        self.is_established = established
        self.is_rejected = rejected
        self.acceptor = SimpleNamespace(primitive=answer)
        self.released = 0

    def release(self) -> None:
        self.released += 1
        self.is_established = False


@pytest.fixture
def gives(monkeypatch):
    """Let pynetdicom give back an association; returns what it was asked for."""

    def give(association: _Association) -> dict[str, object]:
        asked: dict[str, object] = {}

        def ask(entity: AE, host: str, port: int, **options: object) -> _Association:
            asked.update(options, host=host, port=port, entity=entity)
            return association

        monkeypatch.setattr(AE, "associate", ask)
        return asked

    return give


def test_is_opened_as_the_destination_is_named_and_released_at_the_end(gives):
    association = _Association()
    asked = gives(association)
    with associate(PACS, CONTEXTS, calling_ae_title="OUR_NODE") as opened:
        assert opened is association
        assert association.released == 0
    assert association.released == 1
    assert (asked["host"], asked["port"], asked["ae_title"]) == ("10.0.0.5", 104, "PACS")
    entity = asked["entity"]
    assert entity.ae_title == "OUR_NODE"
    for limit in (
        entity.connection_timeout,
        entity.acse_timeout,
        entity.dimse_timeout,
        entity.network_timeout,
    ):
        assert 0 < limit <= 60


def test_is_released_when_the_work_on_it_breaks(gives):
    association = _Association()
    gives(association)
    with pytest.raises(ZeroDivisionError), associate(PACS, CONTEXTS, calling_ae_title="OUR_NODE"):
        raise ZeroDivisionError
    assert association.released == 1


def test_one_that_broke_is_not_released(gives):
    association = _Association()
    gives(association)
    with associate(PACS, CONTEXTS, calling_ae_title="OUR_NODE"):
        association.is_established = False
    assert association.released == 0


@pytest.mark.parametrize(
    ("association", "sentence"),
    [
        (_Association(established=False), "PACS at 10.0.0.5:104 does not answer; is it running"),
        (
            _Association(
                established=False,
                rejected=True,
                answer=SimpleNamespace(reason_str="Called AE title not recognised"),
            ),
            r"rejected the association \(Called AE title not recognised\)",
        ),
        (
            _Association(established=False, answer=SimpleNamespace()),
            "aborted the association, or accepts none",
        ),
    ],
)
def test_why_there_is_none_is_said(gives, association, sentence):
    gives(association)
    with (
        pytest.raises(DestinationAway, match=sentence),
        associate(PACS, CONTEXTS, calling_ae_title="OUR_NODE"),
    ):
        pytest.fail("there is no association")


def test_our_socket_sends_at_once(gives):
    asked = gives(_Association())
    with associate(PACS, CONTEXTS, calling_ae_title="OUR_NODE"), socket.socket() as tcp:
        ((_, on_open),) = asked["evt_handlers"]
        on_open(
            SimpleNamespace(assoc=SimpleNamespace(dul=SimpleNamespace(socket=SimpleNamespace(socket=tcp))))
        )
        assert tcp.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_a_host_that_is_not_found_is_away_with_its_sentence(monkeypatch):
    def not_found(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", not_found)
    monkeypatch.setattr(socket, "gethostbyname", not_found)
    nowhere = Destination(name="archive", ae_title="PACS", host="no-such-host.invalid", port=104)
    with (
        pytest.raises(DestinationAway) as caught,
        associate(nowhere, CONTEXTS, calling_ae_title="OUR_NODE"),
    ):
        pytest.fail("there is no association")
    assert str(caught.value) == "no-such-host.invalid cannot be found: Name or service not known"
