from pynetdicom.dimse_primitives import C_FIND

from dicom_node.ledger.schema import instance
from dicom_node.scp.status import Status
from dicom_node.scp.storage import on_c_store
from tests.unit.dicom_node.given import STUDY, a_c_store, a_data_set, encoded, row, rows

KEY = f"studies/{STUDY}/{STUDY}.1/{STUDY}.1.1.dcm"


def test_what_pynetdicom_holds_in_memory_is_kept_as_it_came(receiving, spool, ledger):
    assert on_c_store(a_c_store(a_data_set()), receiving) == Status.SUCCESS
    receiving.rows.flush()
    assert spool.path(KEY).read_bytes().endswith(encoded(a_data_set())[1])
    held = row(ledger, instance)
    assert held["size_bytes"] == spool.path(KEY).stat().st_size


def test_it_is_the_file_the_streaming_receiver_would_have_written(receiving, spool):
    """A modality that sends again after the setting was changed is answered Success."""
    assert on_c_store(a_c_store(a_data_set()), receiving) == Status.SUCCESS
    assert on_c_store(a_c_store(a_data_set()), receiving) == Status.SUCCESS
    receiving.rows.flush()
    assert [path.name for path in spool.folder.rglob("*") if path.is_file()] == [f"{STUDY}.1.1.dcm"]


def test_garbage_is_told_so(receiving, ledger):
    assert on_c_store(a_c_store(a_data_set(), content=b"garbage"), receiving) == Status.CANNOT_UNDERSTAND
    assert rows(ledger, instance) == []


def test_a_request_without_a_data_set_is_told_so(receiving):
    request = a_c_store(a_data_set())
    request.request.DataSet = None
    assert on_c_store(request, receiving) == Status.CANNOT_UNDERSTAND


def test_a_data_set_of_another_instance_than_the_command_says_is_told_so(receiving):
    request = a_c_store(a_data_set())
    request.request.AffectedSOPInstanceUID = "1.2.3"
    assert on_c_store(request, receiving) == Status.DATA_SET_DOES_NOT_MATCH_SOP_CLASS


def test_the_context_must_be_that_of_the_sop_class(receiving):
    request = a_c_store(a_data_set())
    request.context.abstract_syntax = "1.2.840.10008.5.1.4.1.1.2"
    assert on_c_store(request, receiving) == Status.DATA_SET_DOES_NOT_MATCH_SOP_CLASS


def test_a_request_without_uids_is_told_so(receiving):
    request = a_c_store(a_data_set())
    request.request.AffectedSOPClassUID = request.request.AffectedSOPInstanceUID = None
    assert on_c_store(request, receiving) == Status.DATA_SET_DOES_NOT_MATCH_SOP_CLASS


def test_what_is_no_c_store_on_a_storage_context_is_told_so(receiving, spool):
    request = a_c_store(a_data_set())
    request.request = C_FIND()
    assert on_c_store(request, receiving) == Status.CANNOT_UNDERSTAND
    assert [path for path in spool.folder.rglob("*") if path.is_file()] == []
