import socket
import threading
import time
from dataclasses import replace

import pytest
from pynetdicom import AE, evt

from dicom_node.errors import DoorBlocked, LedgerAway
from dicom_node.ledger import callers
from dicom_node.scp import server
from dicom_node.scp.connections import Connections
from dicom_node.scp.intake import Intake
from dicom_node.scp.server import LARGEST_PDU_BYTES, RECEIVERS, Door
from dicom_node.scp.upper_layer.limits import Limits
from dicom_node.settings import ModalitySettings, ScpSettings
from tests.neighbours.ports import free_port
from tests.unit.dicom_node.given import CR_IMAGE, a_data_set, announced, break_ledger

receivers = pytest.mark.parametrize("receiver", RECEIVERS)


@pytest.fixture
def opened(receiving):
    """Opens doors on free ports; ``about`` goes into the settings."""
    doors = []

    def open_(**about):
        settings = ScpSettings(**({"ae_title": "OUR_NODE", "port": free_port()} | about))
        doors.append(Door(settings, receiving))
        return doors[-1]

    yield open_
    for door in doors:
        door.close()


def _associate(door, *, context=CR_IMAGE):
    entity = AE("CR_ROOM_2")
    entity.add_requested_context(context)
    host, port = door._servers[0].server_address[:2]
    return entity.associate(host, port, ae_title="OUR_NODE")


def test_every_receiver_of_the_settings_is_there():
    assert set(RECEIVERS) == set(ScpSettings.model_fields["receiver"].annotation.__args__)


@receivers
def test_listens_where_the_settings_say_in_the_title_they_say(opened, receiver):
    port = free_port()
    door = opened(receiver=receiver, port=port, host="127.0.0.1")
    (listening,) = door._servers
    assert listening.server_address == ("127.0.0.1", port)
    assert isinstance(listening, RECEIVERS[receiver][0])
    assert listening.ae_title == "OUR_NODE"
    assert listening.ae.maximum_pdu_size == LARGEST_PDU_BYTES
    association = _associate(door)
    assert association.is_established
    association.release()


@receivers
def test_the_settings_reach_pynetdicom(opened, receiver):
    door = opened(
        receiver=receiver,
        associations_at_most=33,
        request_seconds=4,
        idle_seconds=5,
        private_sop_classes=("1.2.3.4",),
    )
    entity = door._servers[0].ae
    assert (entity.maximum_associations, entity.acse_timeout, entity.network_timeout) == (33, 4, 5)
    assert "1.2.3.4" in {str(each.abstract_syntax) for each in entity.supported_contexts}
    association = _associate(door, context="1.2.3.4")
    assert association.is_established
    association.release()


def test_the_settings_reach_the_streaming_server(opened, receiving):
    door = opened(request_seconds=4, pdu_seconds=6, idle_seconds=5, instance_at_most=2_000_000)
    (listening,) = door._servers
    assert listening.limits == Limits(
        request_seconds=4, pdu_seconds=6, idle_seconds=5, largest_instance_bytes=2_000_000
    )
    assert isinstance(listening.connections, Connections)
    assert listening.tls is None
    intake = listening.begin(announced(a_data_set()))
    assert isinstance(intake, Intake)
    intake.give_up()


def test_whoever_asks_is_asked_after_on_both_receivers(opened):
    for receiver in RECEIVERS:
        (listening,) = opened(receiver=receiver)._servers
        assert {evt.EVT_REQUESTED, evt.EVT_C_STORE, evt.EVT_C_ECHO, evt.EVT_N_ACTION} <= set(
            listening.get_events()
        )


@receivers
def test_a_port_that_is_taken_is_said_in_words(receiving, receiver):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            DoorBlocked, match=rf"cannot listen on 127\.0\.0\.1:{port} \(Address already in use\): another"
        ):
            Door(ScpSettings(receiver=receiver, port=port), receiving)


def test_an_address_that_is_not_ours_is_said_in_words(receiving):
    with pytest.raises(DoorBlocked, match=r"192\.0\.2\.1:\d+ \(Cannot assign requested address\)"):
        Door(ScpSettings(host="192.0.2.1", port=free_port()), receiving)


@receivers
def test_when_it_is_closed_nobody_listens_any_more(receiving, receiver):
    port = free_port()
    before = threading.active_count()
    door = Door(ScpSettings(receiver=receiver, port=port), receiving)
    association = _associate(door)
    association.release()
    door.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)
    assert threading.active_count() <= before + 2  # the last association's threads may still be ending


def test_who_was_refused_is_written_down_when_asked_and_a_ledger_that_is_away_is_said(
    opened, ledger, monkeypatch
):
    door = opened(any_called_ae_title=False)
    noted = []
    monkeypatch.setattr(
        door._gatekeeper.refusals, "enter", lambda ledger, *, now: noted.append((ledger, now > 0))
    )
    door.do_duties()
    assert noted == [(ledger, True)]


def test_a_flood_beyond_a_limit_is_one_line_for_the_administrator(opened, ledger):
    door = opened(associations_per_address=1)
    association = _associate(door)
    assert association.is_established
    for _ in range(300):
        with socket.create_connection(door._servers[0].server_address, timeout=5) as one_too_many:
            one_too_many.sendall(b"\x01")
            assert one_too_many.recv(1) == b""  # not a byte of an answer
    _await(lambda: [each.times for each in door._gatekeeper.refusals._seen.values()] == [300])
    door.do_duties()
    with ledger.snapshot() as tx:
        (turned_away,) = callers.refused(tx)
    assert (turned_away.who, turned_away.called_ae_title) == ("a caller from 127.0.0.1", "")
    assert (turned_away.times, turned_away.is_tls) == (300, False)
    assert turned_away.reason == "has 1 associations open from its address, which is the limit"
    assert turned_away.remedy.endswith("raise [scp] associations_per_address.")
    association.release()


@receivers
def test_a_modality_has_no_more_associations_than_it_may_have_and_again_when_one_ended(
    opened, ledger, receiver
):
    modality = ModalitySettings(ae_title="CR_ROOM_2", address="127.0.0.1", associations_at_most=2)
    door = opened(receiver=receiver, modality=(modality,))
    first, second, third = (_associate(door) for _ in range(3))
    assert (first.is_established, second.is_established, third.is_rejected) == (True, True, True)
    rejection = third.acceptor.primitive
    assert (rejection.result, rejection.result_source, rejection.diagnostic) == (2, 3, 2)
    door.do_duties()
    with ledger.snapshot() as tx:
        assert [each.reason for each in callers.refused(tx)] == [
            "has 2 associations open, which is the limit"
        ]
    first.release()
    _await(lambda: len(door._servers[0].active_associations) == 1)
    fourth = _associate(door)
    assert fourth.is_established
    for each in (second, fourth):
        each.release()


def _await(holds, *, seconds=30):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.01)


def test_commitments_are_seen_to_when_asked_and_no_more_after_the_end(receiving, monkeypatch):
    door = Door(ScpSettings(port=free_port()), receiving)
    done = []
    monkeypatch.setattr(door._commitment, "see_to_all", lambda: done.append("seen to"))
    monkeypatch.setattr(door._commitment, "close", lambda: done.append("closed"))
    door.do_duties()
    door.close()
    assert done == ["seen to", "closed"]


def test_a_refusal_that_cannot_be_entered_is_the_ledger_away(opened, ledger):
    door = opened(any_called_ae_title=False)
    entity = AE("CR_ROOM_2")
    entity.add_requested_context(CR_IMAGE)
    host, port = door._servers[0].server_address[:2]
    assert entity.associate(host, port, ae_title="SOMEBODY").is_rejected
    break_ledger(ledger)
    with pytest.raises(LedgerAway):
        door.do_duties()


def test_a_modality_whose_name_is_not_found_is_said_and_the_door_opens(opened, monkeypatch, caplog):
    found = server.find_modalities(())
    monkeypatch.setattr(
        server, "find_modalities", lambda _: replace(found, mistakes=("ct.invalid is not found",))
    )
    association = _associate(opened())
    assert association.is_established
    association.release()
    assert "ct.invalid is not found" in caplog.text
