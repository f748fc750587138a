import logging
import threading
from contextlib import contextmanager

import pytest
from pydicom import dcmread

from dicom_node.errors import LedgerAway, SpoolFull
from dicom_node.events import Event
from dicom_node.ledger import instances
from dicom_node.ledger.schema import event, instance, study
from dicom_node.scp.status import Status
from dicom_node.scp.storage import Storage
from tests.unit.dicom_node.given import (
    NOW,
    STUDY,
    a_c_store,
    a_data_set,
    break_ledger,
    encoded,
    events,
    row,
    rows,
)


@pytest.fixture
def storage(spool, ledger) -> Storage:
    return Storage(spool=spool, ledger=ledger, clock=lambda: NOW)


def _files(spool) -> list[str]:
    return sorted(str(path.relative_to(spool.folder)) for path in spool.folder.rglob("*") if path.is_file())


KEY = f"studies/{STUDY}/{STUDY}.1/{STUDY}.1.1.dcm"


def test_success_means_on_the_shelf_and_in_the_ledger(storage, spool, ledger):
    sent = a_data_set()
    assert storage.on_c_store(a_c_store(sent)) == Status.SUCCESS
    kept = dcmread(spool.path(KEY))
    assert kept.SOPInstanceUID == sent.SOPInstanceUID
    assert spool.path(KEY).read_bytes().endswith(encoded(sent)[1])
    held = row(ledger, instance)
    assert (held["key"], held["received_at"]) == (KEY, NOW)
    assert held["size_bytes"] == spool.path(KEY).stat().st_size
    assert held["transfer_syntax_uid"] == kept.file_meta.TransferSyntaxUID
    opened = row(ledger, study)
    assert (opened["state"], opened["calling_ae_title"]) == ("receiving", "CR_ROOM_2")
    assert events(ledger) == [Event.STUDY_OPENED]


def test_the_file_is_there_before_the_row_is_entered(storage, spool, monkeypatch):
    seen = []
    real = instances.enter

    def enter(tx, received, **about):
        seen.append(spool.path(received.key).is_file())
        real(tx, received, **about)

    monkeypatch.setattr(instances, "enter", enter)
    assert storage.on_c_store(a_c_store(a_data_set())) == Status.SUCCESS
    assert seen == [True]


def test_the_same_instance_twice_is_success_and_kept_once(storage, spool, ledger):
    assert [storage.on_c_store(a_c_store(a_data_set())) for _ in range(2)] == [Status.SUCCESS] * 2
    assert _files(spool) == [KEY]
    assert len(rows(ledger, instance)) == 1


def test_other_content_under_a_known_uid_is_told_and_the_first_is_kept(storage, spool, ledger):
    storage.on_c_store(a_c_store(a_data_set()))
    first = spool.path(KEY).read_bytes()
    answer = storage.on_c_store(a_c_store(a_data_set(PatientID="ANOTHER")))
    assert answer == Status.DUPLICATE_SOP_INSTANCE == 0x0111
    assert spool.path(KEY).read_bytes() == first
    quarantined = [name for name in _files(spool) if name.startswith(f"quarantine/{STUDY}.1.1/")]
    assert len(quarantined) == 1
    assert dcmread(spool.path(quarantined[0])).PatientID == "ANOTHER"
    assert len(rows(ledger, instance)) == 1
    about = rows(ledger, event)[-1]
    assert (about["name"], about["study_instance_uid"]) == (Event.INSTANCE_QUARANTINED, STUDY)
    assert about["subject"] == f"{STUDY}.1.1"


def test_one_uid_in_two_studies_is_other_content(storage, spool):
    storage.on_c_store(a_c_store(a_data_set()))
    elsewhere = a_data_set(StudyInstanceUID="1.2.99")
    assert storage.on_c_store(a_c_store(elsewhere)) == Status.DUPLICATE_SOP_INSTANCE
    assert not (spool.folder / "studies/1.2.99").exists()


def test_a_ledger_that_takes_no_entry_is_never_success(storage, ledger, spool, monkeypatch):
    @contextmanager
    def away():
        raise LedgerAway("database is locked")
        yield

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "transaction", away)
        assert storage.on_c_store(a_c_store(a_data_set())) == Status.OUT_OF_RESOURCES == 0xA700
    assert rows(ledger, instance) == []
    # The modality sends it again, and now it is well, although a file of that name was left behind.
    assert storage.on_c_store(a_c_store(a_data_set())) == Status.SUCCESS
    assert (_files(spool), len(rows(ledger, instance))) == ([KEY], 1)


def test_a_ledger_that_broke_is_never_success(storage, ledger):
    break_ledger(ledger)
    assert storage.on_c_store(a_c_store(a_data_set())) == Status.OUT_OF_RESOURCES


def test_a_full_disk_is_never_success(storage, spool, ledger, monkeypatch):
    def put(*_):
        raise SpoolFull("no room")

    monkeypatch.setattr(spool, "put", put)
    assert storage.on_c_store(a_c_store(a_data_set())) == Status.OUT_OF_RESOURCES
    assert rows(ledger, instance) == []


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff" * 100])
def test_what_is_no_instance_is_told_so_and_nothing_is_kept(storage, spool, ledger, content):
    assert storage.on_c_store(a_c_store(a_data_set(), content=content)) == Status.CANNOT_UNDERSTAND
    assert _files(spool) == []
    assert rows(ledger, instance) == rows(ledger, study) == []
    told = row(ledger, event)
    assert (told["name"], told["subject"]) == (Event.INSTANCE_REJECTED, "CR_ROOM_2")
    assert told["detail"]


def test_a_request_without_a_data_set_is_told_so(storage):
    request = a_c_store(a_data_set())
    request.request.DataSet = None
    assert storage.on_c_store(request) == Status.CANNOT_UNDERSTAND


def test_a_data_set_of_another_instance_than_the_command_says_is_told_so(storage, spool):
    request = a_c_store(a_data_set())
    request.request.AffectedSOPInstanceUID = "1.2.3"
    assert storage.on_c_store(request) == Status.DATA_SET_DOES_NOT_MATCH_SOP_CLASS
    assert _files(spool) == []


def test_a_rejection_is_told_to_the_peer_even_when_the_ledger_cannot_note_it(storage, ledger):
    break_ledger(ledger)
    assert storage.on_c_store(a_c_store(a_data_set(), content=b"garbage")) == Status.CANNOT_UNDERSTAND


def test_no_log_line_event_or_name_on_the_shelf_holds_the_patient(storage, spool, ledger, caplog):
    caplog.set_level(logging.DEBUG)
    storage.on_c_store(a_c_store(a_data_set()))
    storage.on_c_store(a_c_store(a_data_set(PatientAge="042Y")))
    storage.on_c_store(a_c_store(a_data_set(2), content=encoded(a_data_set(2))[1][:60]))
    said = caplog.text + str(rows(ledger, event)) + str(rows(ledger, instance)) + str(_files(spool))
    assert "rejected" in said
    assert "Secret" not in said
    assert "SECRET" not in said
    assert "042Y" not in said


def _at_once(storage: Storage, *requests) -> list[int]:
    start, answers = threading.Barrier(len(requests)), []

    def send(request):
        start.wait()
        answers.append(storage.on_c_store(request))

    threads = [threading.Thread(target=send, args=(request,)) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_one_instance_on_two_associations_at_once_is_kept_once(storage, ledger):
    assert _at_once(storage, *(a_c_store(a_data_set()) for _ in range(4))) == [Status.SUCCESS] * 4
    assert len(rows(ledger, instance)) == 1


def test_two_contents_of_one_uid_at_once_are_one_success_and_one_quarantine(storage, ledger):
    answers = _at_once(storage, a_c_store(a_data_set()), a_c_store(a_data_set(PatientID="B")))
    assert answers == [Status.SUCCESS, Status.DUPLICATE_SOP_INSTANCE]
    assert len(rows(ledger, instance)) == 1


def test_many_instances_of_one_study_at_once_are_all_kept(storage, ledger, spool):
    assert _at_once(storage, *(a_c_store(a_data_set(n)) for n in range(1, 9))) == [Status.SUCCESS] * 8
    assert len(rows(ledger, instance)) == len(_files(spool)) == 8
    assert events(ledger) == [Event.STUDY_OPENED]
