import hashlib

import pytest

from dicom_node.worker.recipients import Recipient
from dicom_node.worker.shelf import Shelf
from inference.pipeline import EncodedResult, Encoding
from tests.unit.dicom_node.given import a_claim, a_result, succeed


def _made(number=1, kind="SEG") -> EncodedResult:
    return EncodedResult(
        kind=kind,
        sop_class_uid="1.2",
        sop_instance_uid=f"2.25.{number}",
        series_instance_uid=f"2.25.{number}00",
        content=b"an instance",
    )


@pytest.fixture
def claim(ledger):
    return a_claim(ledger)


@pytest.fixture
def shelf(ledger, spool, claim):
    recipients = [
        Recipient(name="pacs", encoding=Encoding()),
        Recipient(name="ris", encoding=Encoding(), kinds=("SR",)),
    ]
    return Shelf(ledger=ledger, spool=spool, claim=claim, recipients=recipients)


def test_a_result_lies_where_its_row_says(shelf, spool):
    (row,) = shelf.put_results([_made()])
    assert spool.path(row.key).read_bytes() == b"an instance"
    assert row.size_bytes == len(b"an instance")
    assert row.sha256 == hashlib.sha256(b"an instance").hexdigest()
    assert (row.kind, row.sop_instance_uid, row.series_instance_uid) == ("SEG", "2.25.1", "2.25.100")


def test_it_is_owed_to_those_who_take_it(shelf):
    seg, report = shelf.put_results([_made(1), _made(2, kind="SR")])
    assert (seg.destinations, report.destinations) == (("pacs",), ("pacs", "ris"))


def test_what_the_ledger_has_is_not_shelved_again(shelf, spool, ledger, claim):
    assert succeed(ledger, claim, a_result(1))
    (row,) = shelf.put_results([_made(1), _made(2)])
    assert row.sop_instance_uid == "2.25.2"
    assert len(list(spool.folder.rglob("*.dcm"))) == 1


def test_a_shelf_is_cleared_of_all_that_was_put_there(shelf, spool):
    shelf.put_results([_made(1), _made(2)])
    shelf.put("preview.png", b"a picture")
    assert len([path for path in spool.folder.rglob("*") if path.is_file()]) == 3
    shelf.clear()
    assert [path for path in spool.folder.rglob("*") if path.is_file()] == []
