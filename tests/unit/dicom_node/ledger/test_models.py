from dataclasses import replace

from dicom_node.ledger import models
from dicom_node.ledger.models import ModelState
from tests.unit.dicom_node.given import NOW

READY = ModelState(
    model_name="shades", model_version="1.2.3", digest="a" * 64, reason_not_ready=None, checked_at=NOW
)


def _found(ledger, *found: ModelState) -> list[ModelState]:
    for each in found:
        with ledger.transaction() as tx:
            models.record(tx, each)
    with ledger.snapshot() as tx:
        return models.all_found(tx)


def test_each_version_is_kept_as_it_was_last_found(ledger):
    broken = replace(READY, digest=None, reason_not_ready="a file changed", checked_at=NOW + 5)
    other = replace(READY, model_version="1.3.0")
    first = replace(READY, model_name="alpha")
    assert _found(ledger, READY, other, first, broken) == [first, broken, other]
    assert _found(ledger, READY) == [first, READY, other]
