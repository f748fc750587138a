"""Storage commitment with neighbours: pynetdicom as the modality, and Orthanc, on both receivers of the door."""

import json
import os
import signal
import ssl
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from pydicom import Dataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid
from pynetdicom import AE, evt
from pynetdicom.dsutils import encode
from pynetdicom.sop_class import BasicFilmSession, StorageCommitmentPushModel, Verification

from dicom_node.events import Event
from dicom_node.ledger import Ledger
from dicom_node.ledger.schema import commitment
from tests.integration.test_receivers import eventually, with_uids
from tests.neighbours.certificates import Authority, Issued
from tests.neighbours.door import Door
from tests.neighbours.instance import Instance, nested, new_instance
from tests.neighbours.orthanc import Orthanc
from tests.neighbours.peer import (
    COMMAND,
    CT_IMAGE,
    EXPLICIT,
    LAST,
    MR_IMAGE,
    NO_DATA_SET,
    P_DATA,
    VERIFICATION,
    Peer,
    decoded_command,
    echo_rq,
    message,
    padded,
    store_rq,
    us,
)
from tests.neighbours.ports import free_port
from tests.unit.dicom_node.given import events, rows

pytestmark = pytest.mark.real_neighbours

WELL_KNOWN = "1.2.840.10008.1.20.1.1"
MODALITY = "CT_ROOM_1"
C_ECHO_RSP, C_STORE_RSP, N_ACTION_RSP, N_EVENT_REPORT_RQ = 0x8030, 0x8001, 0x8130, 0x0100


class Modality:
    """A modality with a listener for reports, if it has one, and a call to the door."""

    def __init__(
        self, door_port: int, *, listens_on: int | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self._tls = tls
        self.reports: Queue[tuple[str, int, Dataset]] = Queue()
        self._door_port = door_port
        self._listener = self._listen(listens_on) if listens_on else None

    def associate(self, *, called: str = "DICOM_NODE") -> Any:
        entity = AE(MODALITY)
        for each in (StorageCommitmentPushModel, Verification, CT_IMAGE):
            entity.add_requested_context(each, ExplicitVRLittleEndian)
        association = entity.associate(
            "127.0.0.1",
            self._door_port,
            ae_title=called,
            tls_args=(self._tls, "127.0.0.1") if self._tls else None,
            evt_handlers=[(evt.EVT_N_EVENT_REPORT, self._take, ["same"])],
        )
        assert association.is_established
        return association

    def ask(
        self, association: Any, *instances: Instance, transaction_uid: str | None = None, message_id: int = 1
    ) -> tuple[int, str]:
        """N-ACTION; returns the status and the Transaction UID."""
        uid = transaction_uid or generate_uid()
        answer, _ = association.send_n_action(
            asked(uid, *instances), 1, StorageCommitmentPushModel, WELL_KNOWN, message_id
        )
        return int(answer.Status), uid

    def report(self, *, seconds: float = 10.0) -> tuple[str, int, Dataset]:
        """How it came (same or new), event type, and the data set of the next report."""
        return self.reports.get(timeout=seconds)

    def stop(self) -> None:
        if self._listener is not None:
            self._listener.shutdown()
            self._listener = None

    def _listen(self, port: int) -> Any:
        entity = AE(MODALITY)
        entity.add_supported_context(StorageCommitmentPushModel, scu_role=False, scp_role=True)
        return entity.start_server(
            ("127.0.0.1", port),
            block=False,
            ssl_context=self._tls,
            evt_handlers=[(evt.EVT_N_EVENT_REPORT, self._take, ["new"])],
        )

    def _take(self, event: Any, way: str) -> tuple[int, None]:
        self.reports.put((way, event.event_type, event.event_information))
        if way == "new":
            self.called_by = str(event.assoc.requestor.ae_title)
            (proposed,) = event.assoc.requestor.role_selection.values()
            self.roles = (proposed.scu_role, proposed.scp_role)
        return 0x0000, None


def asked(transaction_uid: str, *instances: Instance) -> Dataset:
    information = Dataset()
    information.TransactionUID = transaction_uid
    information.ReferencedSOPSequence = [_item(each) for each in instances]
    return information


def _item(instance: Instance) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = instance.sop_class_uid.decode()
    item.ReferencedSOPInstanceUID = instance.sop_instance_uid.decode()
    return item


def held(report: Dataset) -> list[str]:
    return [str(each.ReferencedSOPInstanceUID) for each in report.get("ReferencedSOPSequence", [])]


def failed(report: Dataset) -> dict[str, int]:
    return {
        str(each.ReferencedSOPInstanceUID): int(each.FailureReason)
        for each in report.get("FailedSOPSequence", [])
    }


def uid(instance: Instance) -> str:
    return instance.sop_instance_uid.decode()


class Opened:
    """A door for one modality, ``more`` in its section; ``again`` opens it anew on the same spool and ledger."""

    def __init__(
        self, folder: Path, receiver: str, *, ae_title: str = MODALITY, port: int | None, more: str = ""
    ) -> None:
        self._folder, self._receiver, self._ae_title, self._more = folder, receiver, ae_title, more
        self.door = self._open(port)

    def again(self, *, port: int | None) -> None:
        """After ``kill``."""
        self.door = self._open(port)

    def kill(self) -> None:
        os.kill(self.door.pid, signal.SIGKILL)
        self.door._running().wait()

    def store(self, *instances: Instance) -> None:
        """Each is answered Success."""
        with Peer(self.door.port) as peer:
            peer.associate(calling_ae_title=self._ae_title.encode())
            for each in instances:
                assert peer.store(each.sop_class_uid, each.sop_instance_uid, each.data_set) == 0
            peer.release()

    def requests(self) -> list[dict[str, object]]:
        """The ledger's rows, in order."""
        ledger = Ledger(f"sqlite:///{self._folder}/ledger.sqlite3")
        found = rows(ledger, commitment)
        ledger.close()
        return found

    def events(self) -> list[Event]:
        """Those of storage commitment."""
        ledger = Ledger(f"sqlite:///{self._folder}/ledger.sqlite3")
        found = [each for each in events(ledger) if each.startswith("commitment.")]
        ledger.close()
        return found

    def _open(self, port: int | None) -> Door:
        door = Door(self._folder, receiver=self._receiver)
        listens = "" if port is None else f"commitment_port = {port}\n"
        section = (
            f'[[scp.modality]]\nae_title = "{self._ae_title}"\naddress = "127.0.0.1"\n{listens}{self._more}'
        )
        door.settings_file.write_text(f"{door.settings_file.read_text()}\n{section}")
        return door.start()


@pytest.fixture(params=["streaming", "stock"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    doors: list[Opened] = []

    def open_(*, ae_title: str = MODALITY, port: int | None = None, more: str = "") -> Opened:
        doors.append(Opened(tmp_path / "door", request.param, ae_title=ae_title, port=port, more=more))
        return doors[-1]

    yield open_
    for each in doors:
        each.kill()


@pytest.fixture
def modality() -> Iterator[Callable[..., Modality]]:
    made: list[Modality] = []

    def make(opened: Opened, **options: Any) -> Modality:
        made.append(Modality(opened.door.port, **options))
        return made[-1]

    yield make
    for each in made:
        each.stop()


Open = Callable[..., Opened]
Make = Callable[..., Modality]


def test_what_is_held_is_reported_on_the_same_association_while_it_is_open(
    opened: Open, modality: Make
) -> None:
    node = opened()
    one, two = new_instance(), new_instance()
    node.store(one, two)
    device = modality(node)
    association = device.associate()

    status, transaction_uid = device.ask(association, one, two)

    assert status == 0x0000
    way, event_type, report = device.report(seconds=5)
    assert (way, event_type, report.TransactionUID) == ("same", 1, transaction_uid)
    assert held(report) == [uid(one), uid(two)]
    assert "FailedSOPSequence" not in report
    assert association.is_established
    assert association.send_c_echo().Status == 0
    association.release()
    eventually(lambda: node.events() == [Event.COMMITMENT_REPORTED])


def test_after_a_release_it_is_reported_on_a_new_association_to_the_modality(
    opened: Open, modality: Make
) -> None:
    port = free_port()
    node = opened(port=port)
    one = new_instance()
    node.store(one)
    device = modality(node, listens_on=port)
    association = device.associate(called="WHAT_CT_CALLS_US")
    status, transaction_uid = device.ask(association, one)
    association.release()

    assert status == 0x0000
    way, event_type, report = device.report()
    assert (way, event_type, report.TransactionUID) == ("new", 1, transaction_uid)
    assert held(report) == [uid(one)]
    assert device.called_by == "WHAT_CT_CALLS_US"
    assert device.roles == (False, True)


def test_what_is_not_held_is_said_with_its_reason(opened: Open, modality: Make) -> None:
    node = opened()
    sound, gone, cut, other_class, disputed = (new_instance() for _ in range(5))
    node.store(sound, gone, cut, other_class, disputed)
    with Peer(node.door.port) as peer:
        peer.associate(calling_ae_title=MODALITY.encode())
        twin = disputed.but(pixels=b"\1" * 2048)
        assert peer.store(twin.sop_class_uid, twin.sop_instance_uid, twin.data_set) == 0x0111
        peer.release()
    node.door.path(gone).unlink()
    cut_file = node.door.path(cut)
    cut_file.write_bytes(cut_file.read_bytes()[:-1])
    never, private = new_instance(), new_instance(sop_class_uid=b"1.2.3.4")
    device = modality(node)
    association = device.associate()

    device.ask(
        association,
        sound,
        gone,
        cut,
        other_class.but(sop_class_uid=MR_IMAGE.encode()),
        disputed,
        never,
        private,
    )

    _, event_type, report = device.report(seconds=15)
    association.release()
    assert event_type == 2
    assert held(report) == [uid(sound)]
    assert failed(report) == {
        uid(gone): 0x0112,
        uid(cut): 0x0110,
        uid(other_class): 0x0119,
        uid(disputed): 0x0110,
        uid(never): 0x0112,
        uid(private): 0x0122,
    }


def test_a_request_that_was_answered_is_reported_after_a_kill(opened: Open, modality: Make) -> None:
    port = free_port()
    node = opened(port=port)
    one = new_instance()
    node.store(one)
    asking = modality(node)
    association = asking.associate()
    status, transaction_uid = asking.ask(association, one)
    node.kill()
    assert status == 0x0000
    assert asking.reports.empty()
    association.abort()

    device = modality(node, listens_on=port)
    node.again(port=port)

    way, event_type, report = device.report(seconds=15)
    assert (way, event_type, report.TransactionUID) == ("new", 1, transaction_uid)
    assert held(report) == [uid(one)]


def test_a_modality_that_is_away_is_told_when_it_is_back(opened: Open, modality: Make) -> None:
    port = free_port()
    node = opened(port=port)
    one = new_instance()
    node.store(one)
    asking = modality(node)
    association = asking.associate()
    _, transaction_uid = asking.ask(association, one)
    association.release()
    eventually(lambda: node.events() == [Event.COMMITMENT_POSTPONED])
    (row,) = node.requests()
    assert "does not answer" in str(row["error"])

    device = modality(node, listens_on=port)

    way, _, report = device.report(seconds=20)
    assert (way, report.TransactionUID) == ("new", transaction_uid)
    eventually(lambda: node.events() == [Event.COMMITMENT_POSTPONED, Event.COMMITMENT_REPORTED])


def test_without_a_port_the_operator_is_told_what_to_set_and_asking_again_helps(
    opened: Open, modality: Make
) -> None:
    node = opened()
    one = new_instance()
    node.store(one)
    device = modality(node)
    association = device.associate()
    _, transaction_uid = device.ask(association, one)
    association.release()
    eventually(lambda: node.events() == [Event.COMMITMENT_POSTPONED])
    (row,) = node.requests()
    assert "commitment_port" in str(row["error"])

    association = device.associate()
    device.ask(association, one, transaction_uid=transaction_uid)
    way, event_type, report = device.report()
    association.release()

    assert (way, event_type, report.TransactionUID) == ("same", 1, transaction_uid)
    assert len(node.requests()) == 1


def test_a_transaction_uid_that_is_in_use_is_reported_as_such(opened: Open, modality: Make) -> None:
    node = opened()
    one, two = new_instance(), new_instance()
    node.store(one, two)
    device = modality(node)
    association = device.associate()
    _, transaction_uid = device.ask(association, one)
    assert device.report()[1] == 1

    status, _ = device.ask(association, two, transaction_uid=transaction_uid)

    _, event_type, report = device.report()
    association.release()
    assert (status, event_type) == (0x0000, 2)
    assert failed(report) == {uid(two): 0x0131}


def test_a_large_request_is_reported_in_fragments_while_the_association_goes_on_serving(
    opened: Open, modality: Make
) -> None:
    node = opened()
    many = [new_instance() for _ in range(400)]
    node.store(*many)
    device = modality(node)
    association = device.associate()
    stored = []
    _, _ = device.ask(association, *many)
    with Peer(node.door.port) as peer:
        peer.associate(calling_ae_title=MODALITY.encode())
        deadline = time.monotonic() + 10
        while device.reports.empty() and time.monotonic() < deadline:
            each = new_instance()
            stored.append(peer.store(each.sop_class_uid, each.sop_instance_uid, each.data_set))
    way, event_type, report = device.report()
    association.release()
    assert (way, event_type) == ("same", 1)
    assert held(report) == [uid(each) for each in many]
    assert stored and not any(stored)


def test_what_crosses_the_report_is_served_and_nothing_comes_between_its_fragments(opened: Open) -> None:
    """A requester that sends on while its report comes: pynetdicom as requester could not, so bytes by hand."""
    node = opened()
    many = [new_instance() for _ in range(100)]
    node.store(*many)
    with Peer(node.door.port) as peer:
        peer.associate(
            (1, StorageCommitmentPushModel, (EXPLICIT,)),
            (3, VERIFICATION, (EXPLICIT,)),
            (5, CT_IMAGE, (EXPLICIT,)),
            calling_ae_title=MODALITY.encode(),
            maximum_length=512,  # so that the report has a score of fragments
        )
        peer.send(n_action(asked(generate_uid(), *many), message_id=1))
        answers = {C_ECHO_RSP: 0, C_STORE_RSP: 0, N_ACTION_RSP: 0, N_EVENT_REPORT_RQ: 0}
        asked_for = 0
        report: dict[int, bytes] = {}
        while not report or min(answers[C_ECHO_RSP], answers[C_STORE_RSP]) < asked_for:
            if not report:
                asked_for += 1
                each = new_instance()
                store = message(5, store_rq(each.sop_class_uid, each.sop_instance_uid), each.data_set)
                peer.send(store + message(3, echo_rq(message_id=100)))
            said = next_message(peer)
            answers[command_field(said)] += 1
            report = said if command_field(said) == N_EVENT_REPORT_RQ else report
        peer.send(event_report_rsp(report))
        eventually(lambda: node.events() == [Event.COMMITMENT_REPORTED])
        peer.release()
    assert answers == {C_ECHO_RSP: asked_for, C_STORE_RSP: asked_for, N_ACTION_RSP: 1, N_EVENT_REPORT_RQ: 1}
    assert asked_for > 2, "nothing crossed"


def test_a_requester_that_never_answers_on_its_association_is_called(opened: Open, modality: Make) -> None:
    port = free_port()
    node = opened(port=port)
    one = new_instance()
    node.store(one)
    device = modality(node, listens_on=port)
    with Peer(node.door.port, seconds=20) as peer:
        peer.associate((1, StorageCommitmentPushModel, (EXPLICIT,)), calling_ae_title=MODALITY.encode())
        peer.send(n_action(asked(generate_uid(), one), message_id=1))
        assert command_field(next_message(peer)) == N_ACTION_RSP
        assert command_field(next_message(peer)) == N_EVENT_REPORT_RQ
        way, event_type, _ = device.report(seconds=20)
        assert (way, event_type) == ("new", 1)
        peer.release()


def test_whoever_must_use_tls_is_called_by_tls_and_must_show_a_known_certificate(
    opened: Open, modality: Make, tmp_path: Path
) -> None:
    authority, strangers = Authority(tmp_path / "authority"), Authority(tmp_path / "strangers")
    ours, theirs, bad = authority.issue("node"), authority.issue("ct"), strangers.issue("stranger")
    port, tls_port = free_port(), free_port()
    tls = (
        f'tls_only = true\n[scp.tls]\nport = {tls_port}\ncertificate = "{ours.certificate}"\n'
        f'key = "{ours.key}"\npeers_ca = "{authority.certificate}"\n'
    )
    node = opened(port=port, more=tls)
    calling = client_side(authority, theirs)
    asking = Modality(tls_port, tls=calling)
    association = asking.associate()
    _, transaction_uid = asking.ask(association, new_instance())
    stranger = modality(node, listens_on=port, tls=server_side(authority, bad))
    association.release()
    eventually(lambda: node.events() == [Event.COMMITMENT_POSTPONED])
    assert stranger.reports.empty()
    stranger.stop()

    device = modality(node, listens_on=port, tls=server_side(authority, theirs))

    way, event_type, report = device.report(seconds=20)
    assert (way, event_type, report.TransactionUID) == ("new", 2, transaction_uid)


def client_side(authority: Authority, issued: Issued) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(authority.certificate)
    context.load_cert_chain(issued.certificate, issued.key)
    return context


def server_side(authority: Authority, issued: Issued) -> ssl.SSLContext:
    """It asks for a certificate of the authority, too."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.certificate)
    context.load_cert_chain(issued.certificate, issued.key)
    return context


BAD = {
    "no Transaction UID": (0x0115, {}, lambda ds: delattr(ds, "TransactionUID")),
    "a Transaction UID that is none": (
        0x0115,
        {},
        lambda ds: setattr(ds["TransactionUID"], "_value", "../x"),
    ),
    "no references": (0x0115, {}, lambda ds: setattr(ds, "ReferencedSOPSequence", [])),
    "no sequence": (0x0115, {}, lambda ds: delattr(ds, "ReferencedSOPSequence")),
    "a reference without instance": (
        0x0115,
        {},
        lambda ds: delattr(ds.ReferencedSOPSequence[0], "ReferencedSOPInstanceUID"),
    ),
    "another action": (0x0123, {0x1008: us(2)}, None),
    "another instance": (0x0112, {0x1001: padded("1.2.3")}, None),
    "another class": (0x0118, {0x0003: padded(BasicFilmSession)}, None),
    "bytes that are no data set": (0x0115, {}, b"\x08\x00\x95\x11UI\xff\xff1.2.3"),
    "sequences without end": (0x0115, {}, nested(3000, tag=0x00081199)),
    "no data set": (0x0115, {0x0800: us(NO_DATA_SET)}, b""),
}


@pytest.mark.parametrize("mistake", BAD)
def test_a_request_that_is_none_is_answered_with_its_status(opened: Open, mistake: str) -> None:
    status, changed, what = BAD[mistake]
    node = opened()
    information = asked(generate_uid(), new_instance())
    if callable(what):
        what(information)
    with Peer(node.door.port) as peer:
        peer.associate((1, StorageCommitmentPushModel, (EXPLICIT,)), calling_ae_title=MODALITY.encode())
        content = what if isinstance(what, bytes) else None
        peer.send(n_action(information, message_id=7, changed=changed, content=content))
        assert peer.status() == status
        peer.send(n_action(asked(generate_uid(), new_instance()), message_id=8))
        assert peer.status() == 0x0000, "the next request was not served"
        peer.abort()
    assert len(node.requests()) == 1
    node.door.check_log()


def test_orthanc_sends_a_study_asks_for_commitment_and_says_success(
    opened: Open, orthanc: Orthanc, tmp_path: Path
) -> None:
    node = opened(ae_title="ORTHANC", port=orthanc.port)
    study = "2.25.8088"
    for number in (1, 2, 3):
        path = with_uids("CT_small.dcm", tmp_path, number=number, study=study)
        ask_orthanc(orthanc, "/instances", path.read_bytes())
    ask_orthanc(orthanc, "/modalities/node", json.dumps(["DICOM_NODE", "127.0.0.1", node.door.port]), "PUT")
    (found,) = ask_orthanc(orthanc, "/tools/lookup", study)

    stored = ask_orthanc(
        orthanc, "/modalities/node/store", json.dumps({"Resources": [found["ID"]], "StorageCommitment": True})
    )

    answer: dict[str, Any] = {}

    def is_decided() -> bool:
        answer.update(
            ask_orthanc(orthanc, f"/storage-commitment/{stored['StorageCommitmentTransactionUID']}")
        )
        return answer["Status"] != "Pending"

    eventually(is_decided, seconds=20)
    assert answer["Status"] == "Success", answer
    assert len(answer["Success"]) == 3

    missing = json.dumps({"DicomInstances": [{"SOPClassUID": CT_IMAGE, "SOPInstanceUID": "2.25.1.2.3"}]})
    asked_for = ask_orthanc(orthanc, "/modalities/node/storage-commitment", missing)
    answer.clear()
    stored = {"StorageCommitmentTransactionUID": asked_for["ID"]}
    eventually(is_decided, seconds=20)
    assert answer["Status"] == "Failure"
    assert [each["SOPInstanceUID"] for each in answer["Failures"]] == ["2.25.1.2.3"]


def ask_orthanc(
    orthanc: Orthanc, path: str, body: str | bytes | None = None, method: str | None = None
) -> Any:
    content = body.encode() if isinstance(body, str) else body
    request = urllib.request.Request(f"http://127.0.0.1:{orthanc._http}{path}", content, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        said = answer.read()
    return json.loads(said) if said else None


def n_action(
    information: Dataset,
    *,
    message_id: int,
    changed: Mapping[int, bytes] | None = None,
    content: bytes | None = None,
) -> bytes:
    """The bytes of an N-ACTION-RQ, elements of its command and its data set at will."""
    command = {
        0x0003: padded(StorageCommitmentPushModel),
        0x0100: us(0x0130),
        0x0110: us(message_id),
        0x0800: us(0),
        0x1001: padded(WELL_KNOWN),
        0x1008: us(1),
    } | dict(changed or {})
    data_set = encode(information, False, True) if content is None else content
    return message(1, command, data_set or None)


def event_report_rsp(request: Mapping[int, bytes]) -> bytes:
    command = {0x0100: us(0x8100), 0x0120: request[0x0110], 0x0800: us(NO_DATA_SET), 0x0900: us(0)}
    return message(
        1, command | {0x0002: request[0x0002], 0x1000: request[0x1000], 0x1002: request[0x1002]}, None
    )


def command_field(command: Mapping[int, bytes]) -> int:
    return int.from_bytes(command[0x0100], "little")


def next_message(peer: Peer) -> dict[int, bytes]:
    """The command of the next message, behind whose last fragment we are then; none of another came between."""
    answer = peer.receive()
    assert answer.kind == P_DATA
    context_id, flags = answer.body[4:6]
    assert flags == COMMAND | LAST
    found = decoded_command(answer.body)
    is_whole = found[0x0800] == us(NO_DATA_SET)
    while not is_whole:
        fragment = peer.receive().body
        assert fragment[4] == context_id and not fragment[5] & COMMAND, "a fragment of another message"
        is_whole = bool(fragment[5] & LAST)
    return found
