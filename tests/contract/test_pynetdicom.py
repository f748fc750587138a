"""What we lean on in pynetdicom that it does not promise: when one of these fails, read its release notes.

A failure says which name moved and which file of ours needs it.
"""

import inspect
import queue
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from importlib.metadata import version
from io import BytesIO
from typing import Any

import pynetdicom
import pytest
from pydicom.uid import UID
from pynetdicom import AE, acse, association, build_context, dimse, dul, evt, fsm, timer
from pynetdicom.acse import ACSE
from pynetdicom.association import Association
from pynetdicom.dimse import DIMSEServiceProvider
from pynetdicom.dimse_primitives import C_STORE
from pynetdicom.dul import DULServiceProvider
from pynetdicom.events import EVT_C_STORE, Event
from pynetdicom.fsm import TRANSITION_TABLE, InvalidEventError
from pynetdicom.pdu import A_ABORT_RQ, A_RELEASE_RQ
from pynetdicom.pdu_primitives import P_DATA
from pynetdicom.sop_class import Verification
from pynetdicom.transport import (
    AddressInformation,
    AssociationServer,
    AssociationSocket,
    RequestHandler,
    ThreadedAssociationServer,
)

from dicom_node.scp.upper_layer.timer import Timer
from tests.unit.dicom_node.given import CR_IMAGE, EXPLICIT, a_data_set, encoded

PROVIDER = "scp/upper_layer/provider.py"
ASSOCIATION = "scp/upper_layer/association.py"
CONNECTION = "scp/upper_layer/connection.py"
TIMER = "scp/upper_layer/timer.py"
DOOR = "scp/server.py"
GATEKEEPER = "scp/gatekeeper.py"


def _a_c_store_event() -> tuple[Event, bytes]:
    _, data_set = encoded(a_data_set())
    request = C_STORE()
    request.MessageID = 1
    request.AffectedSOPClassUID = UID(CR_IMAGE)
    request.AffectedSOPInstanceUID = a_data_set().SOPInstanceUID
    request.DataSet = BytesIO(data_set)
    association = Association(AE(), "requestor")
    context = build_context(CR_IMAGE, EXPLICIT)
    context.context_id = 1
    attributes = {"request": request, "context": context.as_tuple}
    return Event(association, EVT_C_STORE, attributes), data_set


def _nowhere() -> AddressInformation:
    return AddressInformation("127.0.0.1", 0)


@pytest.fixture
def accepting() -> Iterator[Any]:
    """A server of plain pynetdicom on a free port."""
    entity = AE("ANY")
    entity.add_supported_context(Verification)
    server = entity.start_server(("127.0.0.1", 0), block=False)
    yield server
    server.shutdown()


@pytest.fixture
def established(accepting: Any) -> Iterator[tuple[Any, Any]]:
    """An association, seen from its requestor and from its acceptor."""
    entity = AE("US")
    entity.add_requested_context(Verification)
    requestor = entity.associate("127.0.0.1", accepting.socket.getsockname()[1])
    assert requestor.is_established
    (acceptor,) = accepting.active_associations
    acceptor._dul_ready.wait(5)
    yield requestor, acceptor
    requestor.release()


def test_it_is_the_version_we_pinned():
    found = version("pynetdicom")
    assert found.startswith("3.0."), f"pynetdicom {found} is installed, pyproject.toml pins 3.0.*"
    assert pynetdicom.__version__ == found


# --- names ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owner", "name", "needed_by"),
    [
        (DULServiceProvider, "run_reactor", PROVIDER),
        (DULServiceProvider, "send_pdu", PROVIDER),
        (DULServiceProvider, "kill_dul", PROVIDER),
        (DULServiceProvider, "stop_dul", PROVIDER),
        (DULServiceProvider, "_is_transport_event", PROVIDER),
        (DULServiceProvider, "_process_recv_primitive", PROVIDER),
        (DULServiceProvider, "_read_pdu_data", PROVIDER),
        (DULServiceProvider, "_decode_pdu", PROVIDER),
        (DIMSEServiceProvider, "receive_primitive", PROVIDER),
        (ACSE, "send_reject", GATEKEEPER),
        (Association, "kill", GATEKEEPER),
        (Association, "run_reactor", ASSOCIATION),
        (Association, "set_socket", ASSOCIATION),
        (Association, "bind", ASSOCIATION),
        (RequestHandler, "_create_association", ASSOCIATION),
        (RequestHandler, "local", ASSOCIATION),
        (RequestHandler, "remote", ASSOCIATION),
        (AssociationSocket, "recv", CONNECTION),
        (AssociationSocket, "send", PROVIDER),
        (AssociationSocket, "close", PROVIDER),
        (ThreadedAssociationServer, "process_request_thread", "scp/upper_layer/server.py"),
        (ThreadedAssociationServer, "shutdown_request", "scp/upper_layer/server.py"),
        (AE, "make_server", DOOR),
    ],
)
def test_a_method_we_override_or_call_is_there(owner: type, name: str, needed_by: str):
    assert hasattr(owner, name), f"{owner.__name__}.{name} is gone; {needed_by} needs it"


@pytest.mark.parametrize(
    ("path", "kind", "needed_by"),
    [
        ("_reactor_checkpoint", threading.Event, ASSOCIATION),
        ("_accepted_cx", dict, PROVIDER),
        ("_kill", bool, PROVIDER),
        ("_server", object, ASSOCIATION),
        ("_dul_ready", threading.Event, PROVIDER),
        ("is_established", bool, CONNECTION),
        ("is_aborted", bool, PROVIDER),
        ("acceptor.maximum_length", int, PROVIDER),
        ("acceptor.supported_contexts", list, ASSOCIATION),
        ("requestor.ae_title", str, PROVIDER),
        ("requestor.primitive", object, GATEKEEPER),
        ("requestor.user_identity", object, GATEKEEPER),
        ("dimse.msg_queue", queue.Queue, ASSOCIATION),
        ("dul.socket", object, PROVIDER),
        ("dul.event_queue", queue.Queue, PROVIDER),
        ("dul.to_user_queue", queue.Queue, PROVIDER),
        ("dul.to_provider_queue", queue.Queue, PROVIDER),
        ("dul._recv_pdu", queue.Queue, PROVIDER),
        ("dul._kill_thread", bool, PROVIDER),
        ("dul._run_loop_delay", float, PROVIDER),
        ("dul.state_machine.current_state", str, PROVIDER),
        ("dul.artim_timer", timer.Timer, TIMER),
        ("dul.artim_timer.timeout", object, ASSOCIATION),
        ("dul._idle_timer", timer.Timer, TIMER),
        ("dul._idle_timer.timeout", object, ASSOCIATION),
        ("dul._idle_timer.restart", object, PROVIDER),
        ("dul.to_provider_queue.queue", deque, PROVIDER),
    ],
)
def test_an_attribute_we_read_or_replace_is_there_and_is_what_it_was(path: str, kind: type, needed_by: str):
    found: Any = Association(AE(), "acceptor")
    for name in path.split("."):
        assert hasattr(found, name), f"Association.{path} is gone; {needed_by} needs it"
        found = getattr(found, name)
    assert isinstance(found, kind), (
        f"Association.{path} is a {type(found).__name__}, no {kind.__name__}; {needed_by} needs it"
    )


@pytest.mark.parametrize("name", ["_handlers", "contexts", "ae", "ae_title", "active_associations"])
def test_a_server_has_what_our_handler_takes_from_it(accepting: Any, name: str):
    assert hasattr(accepting, name), f"AssociationServer.{name} is gone; {ASSOCIATION} needs it"


def test_the_servers_of_an_entity_are_where_its_shutdown_looks_for_them(accepting: Any):
    assert accepting in accepting.ae._servers, (
        f"ApplicationEntity._servers no longer holds the servers; {DOOR} needs it"
    )
    assert "_servers" in inspect.getsource(ThreadedAssociationServer.shutdown), (
        f"ThreadedAssociationServer.shutdown no longer takes the server out of ApplicationEntity._servers; {DOOR}"
        " puts it there"
    )


def test_a_server_is_made_of_the_classes_we_name():
    parameters = inspect.signature(AE.make_server).parameters
    for name in ("server_class", "request_handler", "evt_handlers", "ssl_context"):
        assert name in parameters or any(each.kind is each.VAR_KEYWORD for each in parameters.values()), (
            f"AE.make_server takes no {name} any more; {DOOR} needs it"
        )
    assert "request_handler" in inspect.signature(AssociationServer.__init__).parameters, (
        f"a server takes no request_handler any more; {DOOR} needs it"
    )


def test_the_handlers_of_a_server_are_kept_as_our_handler_binds_them():
    """Intervention events: (handler, arguments). Notification events: a list of those."""
    server = AE().make_server(
        ("127.0.0.1", 0),
        contexts=[build_context(Verification)],
        evt_handlers=[(evt.EVT_C_ECHO, print, [1]), (evt.EVT_ACCEPTED, print, [2])],
    )
    try:
        assert server._handlers[evt.EVT_C_ECHO] == (print, [1]), (
            f"handlers of intervention events are kept otherwise; {ASSOCIATION} binds them"
        )
        assert (print, [2]) in server._handlers[evt.EVT_ACCEPTED], (
            f"handlers of notification events are kept otherwise; {ASSOCIATION} binds them"
        )
    finally:
        server.server_close()


# --- the state machine ----------------------------------------------------------------------------------


def test_an_established_association_is_in_sta6(established: tuple[Any, Any]):
    for side in established:
        assert side.dul.state_machine.current_state == "Sta6", (
            f"an established association is in {side.dul.state_machine.current_state}; {PROVIDER} streams in Sta6"
        )


@pytest.mark.parametrize("state", ["Sta2", "Sta3", "Sta6", "Sta8", "Sta13"])
@pytest.mark.parametrize(("event", "meaning"), [("Evt17", "connection closed"), ("Evt19", "invalid PDU")])
def test_closed_and_invalid_are_events_in_every_state_we_put_them_in(event: str, meaning: str, state: str):
    assert (event, state) in TRANSITION_TABLE, (
        f"{event} ({meaning}) is no event in {state} any more; {PROVIDER} puts it into event_queue"
    )


def test_invalid_is_answered_with_an_abort_and_then_the_close_is_awaited():
    assert TRANSITION_TABLE[("Evt19", "Sta6")] == "AA-8", (
        f"Evt19 in Sta6 leads to {TRANSITION_TABLE[('Evt19', 'Sta6')]}, not AA-8; {PROVIDER} aborts by it"
    )


@pytest.mark.parametrize(
    ("content", "kind", "event"),
    [(b"\5\0\0\0\0\4\0\0\0\0", A_RELEASE_RQ, "Evt12"), (b"\7\0\0\0\0\4\0\0\2\0", A_ABORT_RQ, "Evt16")],
    ids=["release", "abort"],
)
def test_the_pdus_that_may_come_during_an_association_are_decoded_as_before(
    content: bytes, kind: type, event: str
):
    decoded, found = Association(AE(), "acceptor").dul._decode_pdu(bytearray(content))
    assert (type(decoded), found) == (kind, event), (
        f"DULServiceProvider._decode_pdu gives {type(decoded).__name__}, {found}; {PROVIDER} hands it over"
    )


def test_an_abort_can_be_made_and_sent_past_the_state_machine():
    abort = A_ABORT_RQ()
    abort.source, abort.reason_diagnostic = 2, 0
    assert abort.encode() == b"\7\0\0\0\0\4\0\0\2\0", f"A_ABORT_RQ is encoded otherwise; {PROVIDER} sends it"


def test_a_primitive_that_is_to_be_sent_waits_where_the_stream_looks_for_it(established: tuple[Any, Any]):
    """The loop takes it from there: while it lies there, the stream must give way."""
    _, acceptor = established
    taken: list[Any] = []
    acceptor.dul._process_recv_primitive = lambda: False  # nobody takes it out
    acceptor.dul.send_pdu(taken)
    assert list(acceptor.dul.to_provider_queue.queue) == [taken], (
        f"DULServiceProvider.send_pdu no longer puts into to_provider_queue; {PROVIDER} looks into it"
    )
    acceptor.dul.to_provider_queue.get()
    del acceptor.dul._process_recv_primitive


def test_an_event_that_cannot_be_in_a_state_is_an_error_of_its_own():
    machine = Association(AE(), "acceptor").dul.state_machine
    with pytest.raises(InvalidEventError):
        machine.do_action("Evt3")  # an A-ASSOCIATE-AC, before there is a connection
    source = inspect.getsource(DULServiceProvider.run_reactor)
    assert source.index("do_action(event)") > source.rindex("except"), (
        f"DULServiceProvider.run_reactor catches errors of the state machine itself; {PROVIDER} catches them"
    )


def test_the_loop_asks_for_what_is_to_be_sent_before_it_waits_for_bytes():
    source = inspect.getsource(DULServiceProvider.run_reactor)
    assert 0 < source.index("_process_recv_primitive()") < source.index("_is_transport_event()"), (
        f"DULServiceProvider.run_reactor changed its order; {PROVIDER} waits in _is_transport_event"
    )
    for name in ("_run_loop_delay", "_kill_thread", "event_queue.get(block=False)", "_idle_timer.restart()"):
        assert name in source, (
            f"DULServiceProvider.run_reactor no longer uses {name}; {PROVIDER} relies on it"
        )


def test_the_association_passes_its_checkpoint_before_each_look_around():
    source = inspect.getsource(Association._run_reactor)
    assert 0 < source.index("_reactor_checkpoint.wait()") < source.index("get_msg(block=False)"), (
        "Association._run_reactor no longer waits at its checkpoint; scp/upper_layer/doorbell.py takes its place"
    )


def test_the_timeouts_of_an_association_are_handed_to_the_provider_it_has():
    association = Association(AE(), "acceptor")
    association.dul = DULServiceProvider(association)
    association.acse_timeout, association.network_timeout = 3, 4
    assert association.dul.artim_timer.timeout == 3, (
        f"acse_timeout no longer sets dul.artim_timer; {ASSOCIATION} needs it"
    )
    assert association.dul._idle_timer.timeout == 4, (
        f"network_timeout no longer sets dul._idle_timer; {ASSOCIATION} needs it"
    )


def test_the_timers_of_a_provider_are_made_once_and_asked_for_nothing_that_ours_does_not_have():
    provider_init = inspect.getsource(DULServiceProvider.__init__)
    source = "".join(map(inspect.getsource, (acse, association, dimse, dul, fsm)))
    for name in ("_idle_timer", "artim_timer"):
        made = [re.findall(rf"\b{name}(?::.*)? = ", text) for text in (source, provider_init)]
        assert [len(each) for each in made] == [1, 1], (
            f"pynetdicom makes {name} elsewhere, or anew; {PROVIDER} replaces it once"
        )
    asked = set(re.findall(r"\.(?:_idle_timer|artim_timer)\.(\w+)", source))
    assert {"start", "stop", "restart", "expired", "timeout"} <= asked
    assert all(hasattr(Timer(1), name) for name in asked), f"pynetdicom asks a timer for {asked}; see {TIMER}"


def test_the_timers_of_pynetdicom_go_by_the_wall_clock(monkeypatch):
    """When this fails, ours is needed no more."""
    theirs, begun_at = timer.Timer(30), time.time()
    theirs.start()
    monkeypatch.setattr(timer.time, "time", lambda: begun_at + 120)
    assert theirs.expired, f"pynetdicom.timer no longer goes by time.time; {TIMER} may go"


def test_a_message_handed_over_ends_in_the_queue_of_its_association():
    association = Association(AE(), "acceptor")
    message = P_DATA()
    echo = bytes.fromhex("00000000 04000000 38000000 00000200 12000000") + b"1.2.840.10008.1.1\0"
    echo += bytes.fromhex("00000001 02000000 3000 00001001 02000000 0700 00000008 02000000 0101")
    message.presentation_data_value_list.append((1, b"\x03" + echo))
    association.dimse.receive_primitive(message)
    assert not association.dimse.msg_queue.empty(), (
        f"DIMSEServiceProvider.receive_primitive no longer fills msg_queue; {PROVIDER} hands messages over by it"
    )
    context_id, request = association.dimse.msg_queue.get()
    assert (context_id, request.MessageID) == (1, 7), f"msg_queue holds other things; {PROVIDER} relies on it"


# --- sockets --------------------------------------------------------------------------------------------


@pytest.fixture
def wrapped() -> Iterator[tuple[Any, Any, Any]]:
    """An acceptor, its AssociationSocket around one end of a pair, and the other end."""
    ours, theirs = socket.socketpair()
    association = Association(AE(), "acceptor")
    yield association, AssociationSocket(association, client_socket=ours), theirs
    ours.close()
    theirs.close()


def test_a_socket_given_to_an_association_is_an_event(wrapped: tuple[Any, Any, Any]):
    association, _, _ = wrapped
    assert association.dul.event_queue.get(block=False) == "Evt5", (
        f"AssociationSocket no longer puts Evt5; {CONNECTION} relies on it"
    )


def test_recv_gives_exactly_so_many_bytes_or_fewer_where_the_peer_closed(wrapped: tuple[Any, Any, Any]):
    _, connection, theirs = wrapped
    assert "nr_bytes" in inspect.signature(AssociationSocket.recv).parameters, (
        f"AssociationSocket.recv takes no nr_bytes any more; {CONNECTION} overrides it"
    )
    theirs.sendall(b"0123456789")
    assert connection.recv(6) == b"012345", (
        f"AssociationSocket.recv gives other bytes; {CONNECTION} overrides it"
    )
    theirs.close()
    assert connection.recv(6) == b"6789", (
        f"AssociationSocket.recv no longer gives the rest at the end; {CONNECTION} overrides it"
    )


@pytest.mark.parametrize("fault", [OSError("too long"), TimeoutError()], ids=["OSError", "TimeoutError"])
def test_an_error_of_recv_closes_the_connection(wrapped: tuple[Any, Any, Any], monkeypatch, fault):
    association, connection, _ = wrapped

    def fail(_):
        raise fault

    association.dul.socket = connection
    association.dul.event_queue.get(block=False)
    monkeypatch.setattr(connection, "recv", fail)
    association.dul._read_pdu_data()
    assert association.dul.event_queue.get(block=False) == "Evt17", (
        f"_read_pdu_data no longer takes an {type(fault).__name__} of recv for a closed connection; {CONNECTION}"
        " refuses by it"
    )


def test_a_send_to_a_peer_that_left_is_an_event_and_no_error(wrapped: tuple[Any, Any, Any]):
    association, connection, theirs = wrapped
    association.dul.event_queue.get(block=False)
    theirs.close()
    for _ in range(3):
        connection.send(b"x" * 100_000)
    assert association.dul.event_queue.get(block=False) == "Evt17", (
        f"AssociationSocket.send no longer puts Evt17 when the peer left; {PROVIDER} answers by it"
    )


def test_a_closed_association_socket_has_no_socket(wrapped: tuple[Any, Any, Any]):
    _, connection, _ = wrapped
    connection.close()
    assert connection.socket is None, (
        f"AssociationSocket.close no longer sets its socket to None; {PROVIDER} looks at it"
    )


def test_the_raw_socket_of_an_association_can_be_reached():
    association = Association(AE(), "requestor")
    assert isinstance(association.dul, DULServiceProvider)
    connection = AssociationSocket(association, address=_nowhere())
    association.dul.socket = connection
    try:
        raw = getattr(association.dul.socket, "socket", None)
        assert isinstance(raw, socket.socket), (
            "assoc.dul.socket.socket is no socket; delivery/association.py needs it"
        )
    finally:
        connection.close()


# --- negotiation and storage ----------------------------------------------------------------------------


def test_an_accepted_context_is_found_by_its_id_with_one_transfer_syntax(established: tuple[Any, Any]):
    _, acceptor = established
    context = acceptor._accepted_cx.get(1)
    assert context is not None, f"Association._accepted_cx is not by context ID any more; {PROVIDER} needs it"
    assert context.abstract_syntax == Verification, f"an accepted context has no abstract syntax; {PROVIDER}"
    assert len(context.transfer_syntax) == 1, (
        f"an accepted context has {len(context.transfer_syntax)} transfer syntaxes, not one; {PROVIDER} takes the first"
    )


def test_all_transfer_syntaxes_are_where_the_door_looks_for_them():
    try:
        from pynetdicom._globals import ALL_TRANSFER_SYNTAXES
    except ImportError:
        pytest.fail(
            "pynetdicom._globals.ALL_TRANSFER_SYNTAXES is gone; scp/presentation_contexts.py needs it"
        )
    assert len(ALL_TRANSFER_SYNTAXES) > 30, "the door would no longer take every transfer syntax"
    assert EXPLICIT in ALL_TRANSFER_SYNTAXES


def test_the_data_set_of_a_c_store_is_in_memory_as_it_came():
    event, data_set = _a_c_store_event()
    held = event.request.DataSet
    assert isinstance(held, BytesIO), (
        f"request.DataSet is a {type(held).__name__}; scp/storage.py calls getbuffer()"
    )
    assert bytes(held.getbuffer()) == data_set


def test_an_event_tells_both_syntaxes_and_who_called():
    event, _ = _a_c_store_event()
    assert event.context.transfer_syntax == EXPLICIT, (
        "event.context.transfer_syntax moved; scp/storage.py needs it"
    )
    assert event.context.abstract_syntax == CR_IMAGE, (
        "event.context.abstract_syntax moved; scp/storage.py needs it"
    )
    assert isinstance(event.assoc.requestor.ae_title, str), (
        "event.assoc.requestor.ae_title moved; scp/storage.py needs it"
    )


def test_a_send_on_an_association_that_ended_is_a_runtime_error():
    with pytest.raises(RuntimeError):
        Association(AE(), "requestor").send_c_store(a_data_set())
