"""What we lean on in pynetdicom that it does not promise: when one of these fails, read its release notes."""

from importlib.metadata import version
from io import BytesIO
from socket import socket

import pynetdicom
import pytest
from pydicom.uid import UID
from pynetdicom import AE, build_context
from pynetdicom.association import Association
from pynetdicom.dimse_primitives import C_STORE
from pynetdicom.dul import DULServiceProvider
from pynetdicom.events import EVT_C_STORE, Event
from pynetdicom.transport import AddressInformation, AssociationSocket

from tests.unit.dicom_node.given import CR_IMAGE, EXPLICIT, a_data_set, encoded


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


def test_it_is_the_version_we_pinned():
    found = version("pynetdicom")
    assert found.startswith("3.0."), f"pynetdicom {found} is installed, pyproject.toml pins 3.0.*"
    assert pynetdicom.__version__ == found


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
        f"request.DataSet is a {type(held).__name__}; scp/storage.py calls getvalue()"
    )
    assert held.getvalue() == data_set


def test_an_event_gives_preamble_and_meta_before_the_very_bytes_that_came():
    event, data_set = _a_c_store_event()
    try:
        whole = event.encoded_dataset(include_meta=True)
    except TypeError:
        pytest.fail("Event.encoded_dataset takes no include_meta any more; scp/storage.py needs it")
    assert whole[128:132] == b"DICM", "encoded_dataset no longer begins with preamble and prefix"
    assert whole.endswith(data_set), "encoded_dataset no longer keeps the bytes of the data set as they came"
    assert event.encoded_dataset(include_meta=False) == data_set


def test_an_event_tells_the_transfer_syntax_and_who_called():
    event, _ = _a_c_store_event()
    assert event.context.transfer_syntax == EXPLICIT, (
        "event.context.transfer_syntax moved; scp/storage.py needs it"
    )
    assert isinstance(event.assoc.requestor.ae_title, str), (
        "event.assoc.requestor.ae_title moved; scp/storage.py needs it"
    )


def test_the_raw_socket_of_an_association_can_be_reached():
    association = Association(AE(), "requestor")
    assert isinstance(association.dul, DULServiceProvider)
    wrapped = AssociationSocket(association, address=_nowhere())
    association.dul.socket = wrapped
    try:
        raw = getattr(association.dul.socket, "socket", None)
        assert isinstance(raw, socket), (
            "assoc.dul.socket.socket is no socket; delivery/association.py needs it"
        )
    finally:
        wrapped.close()


def test_a_send_on_an_association_that_ended_is_a_runtime_error():
    with pytest.raises(RuntimeError):
        Association(AE(), "requestor").send_c_store(a_data_set())


def _nowhere() -> AddressInformation:
    return AddressInformation("127.0.0.1", 0)
