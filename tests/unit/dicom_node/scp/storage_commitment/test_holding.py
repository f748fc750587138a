from dataclasses import replace
from pathlib import Path

import pytest

from dicom_node.ledger.commitments import Reference
from dicom_node.scp.storage_commitment.holding import why_not_held
from dicom_node.scp.storage_commitment.report import FailureReason
from dicom_node.spool.layout import quarantine_key
from tests.unit.dicom_node.given import CR_IMAGE, a_data_set, a_file, an_instance, enter

ONE = an_instance().sop_instance_uid
MR_IMAGE = "1.2.840.10008.5.1.4.1.1.4"


@pytest.fixture
def kept(ledger, spool):
    """An instance as it is kept: its file, and its row."""
    path = a_file(spool.path(an_instance().key), a_data_set())
    return enter(ledger, replace(an_instance(), size_bytes=path.stat().st_size))


@pytest.fixture
def reason(ledger, spool):
    def ask(*, sop_instance_uid=ONE, sop_class_uid=CR_IMAGE):
        reference = Reference(sop_class_uid=sop_class_uid, sop_instance_uid=sop_instance_uid)
        found = why_not_held([reference], ledger=ledger, spool=spool, sop_classes=[CR_IMAGE])
        assert set(found) <= {reference}
        return found.get(reference)

    return ask


def test_row_and_file_together_are_proof(kept, reason):
    assert reason() is None


def test_what_never_came_is_not_held(reason):
    assert reason() is FailureReason.NO_SUCH_OBJECT_INSTANCE
    assert reason(sop_class_uid=MR_IMAGE) is FailureReason.REFERENCED_SOP_CLASS_NOT_SUPPORTED


def test_a_file_without_a_row_is_no_proof(spool, reason):
    a_file(spool.path(an_instance().key), a_data_set())
    assert reason() is FailureReason.NO_SUCH_OBJECT_INSTANCE


def test_another_class_than_it_was_stored_with_is_a_conflict(kept, reason):
    assert reason(sop_class_uid=MR_IMAGE) is FailureReason.CLASS_INSTANCE_CONFLICT


def test_a_row_without_its_file_is_no_proof_and_an_error_of_ours(kept, spool, reason, caplog):
    spool.path(kept.key).unlink()
    assert reason() is FailureReason.NO_SUCH_OBJECT_INSTANCE
    assert f"{kept.sop_instance_uid} is gone" in caplog.text


@pytest.mark.parametrize("content", [b"", b"\0" * 100])
def test_a_file_of_another_size_is_no_proof(kept, spool, reason, content):
    path = spool.path(kept.key)
    path.write_bytes(path.read_bytes() + b"\0" if content else content)
    assert reason() is FailureReason.PROCESSING_FAILURE


def test_a_file_of_the_right_size_that_is_another_instance_is_no_proof(kept, spool, reason):
    path = spool.path(kept.key)
    a_file(path, a_data_set(2))
    assert path.stat().st_size == kept.size_bytes
    assert reason() is FailureReason.PROCESSING_FAILURE


def test_a_file_that_cannot_be_read_is_no_proof(kept, reason, monkeypatch):
    def broken(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", broken)
    assert reason() is FailureReason.PROCESSING_FAILURE


def test_an_instance_with_other_content_in_quarantine_is_promised_to_nobody(kept, spool, reason):
    spool.put(quarantine_key(sop_instance_uid=kept.sop_instance_uid, name="1"), [b"other"])
    assert reason() is FailureReason.PROCESSING_FAILURE


def test_the_element_is_found_wherever_the_longest_uids_put_it(ledger, spool, reason):
    longest = "1." + "2" * 62
    data_set = a_data_set(SOPInstanceUID=longest, SOPClassUID="1." + "3" * 62)
    path = a_file(spool.path("longest"), data_set)
    row = replace(
        an_instance(),
        sop_instance_uid=longest,
        sop_class_uid="1." + "3" * 62,
        key="longest",
        size_bytes=path.stat().st_size,
    )
    enter(ledger, row)
    assert reason(sop_instance_uid=longest, sop_class_uid="1." + "3" * 62) is None
