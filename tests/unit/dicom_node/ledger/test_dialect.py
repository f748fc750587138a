import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from dicom_node.ledger.dialect import insert_if_new
from dicom_node.ledger.schema import process, result
from tests.unit.dicom_node.given import NOW, rows


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30_000)],
    ids=["WAL", "synchronous=FULL", "foreign keys", "patience"],
)
def test_every_connection_is_durable_and_patient(ledger, pragma, value):
    with ledger.snapshot() as tx:
        assert tx.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_a_row_about_nothing_is_refused(ledger):
    orphan = {"sop_instance_uid": "1.2", "analysis_id": "none", "kind": "SEG", "sop_class_uid": "1"}
    orphan |= {"series_instance_uid": "1", "key": "k", "size_bytes": 1, "sha256": "0", "made_at": 0.0}
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), ledger.transaction() as tx:
        tx.execute(insert(result).values(**orphan))


def test_a_row_that_is_there_is_left_as_it_is_and_does_not_count(ledger):
    row = {"process": "h:1", "kind": "work", "started_at": NOW, "seen_at": NOW, "state": "idle"}
    with ledger.transaction() as tx:
        counted = [
            tx.execute(insert_if_new(process), row | {"state": state}).rowcount
            for state in ("first", "second")
        ]
    assert counted == [1, 0]
    assert rows(ledger, process) == [row | {"state": "first"}]
