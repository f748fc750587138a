from dataclasses import replace

import pytest

from dicom_node.ledger import analyses, decisions, deliveries
from dicom_node.ledger.decisions import Decision
from tests.unit.dicom_node.given import (
    NOW,
    STUDY,
    a_claim,
    a_result,
    an_instance,
    complete_all,
    enter,
    parcels,
    route,
)


def _decision(reason: str | None, *, model: str = "shades") -> Decision:
    return Decision(
        series_instance_uid=f"{STUDY}.1",
        sop_instance_uid=None,
        model_name=model,
        model_version="1.2.3",
        reason_to_decline=reason,
    )


@pytest.fixture
def told(ledger):
    """A study with one analysis that succeeded, one result delivered and one refused by the destination."""
    held = a_claim(ledger, now=NOW)
    enter(ledger, an_instance(2), now=NOW + 1)
    complete_all(ledger, now=NOW + 10)
    with ledger.transaction() as tx:
        decisions.replace_all(
            tx, STUDY, [_decision(None), _decision("Modality is CR", model="other")], now=NOW + 11
        )
    route(ledger, now=NOW + 11)
    with ledger.transaction() as tx:
        made = [replace(each, destinations=("pacs",)) for each in (a_result(1), a_result(2, kind="SR"))]
        assert analyses.succeed(tx, held, made, notes={"verdict": "accepted"}, now=NOW + 12)
    first, second = parcels(ledger, now=NOW + 13)
    with ledger.transaction() as tx:
        deliveries.mark_delivered(tx, first, now=NOW + 14)
        deliveries.postpone(tx, second, error="status A700", next_attempt_at=NOW + 15, now=NOW + 14)
