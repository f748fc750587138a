import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from dicom_node.ledger.schema import result


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
