import pytest

from dicom_node.errors import LedgerAway
from dicom_node.ledger import report
from tests.unit.dicom_node.given import (
    NOW,
    break_ledger,
)


def test_a_ledger_that_does_not_answer_is_said_in_words(ledger):
    break_ledger(ledger)
    with pytest.raises(LedgerAway, match="the ledger does not answer: "), report.answering(ledger) as tx:
        report.depth(tx, now=NOW)
