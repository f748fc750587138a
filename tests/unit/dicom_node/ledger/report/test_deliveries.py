from dicom_node.ledger import report
from tests.unit.dicom_node.given import (
    NOW,
)
from tests.unit.dicom_node.ledger.report.asked import ask


def test_destinations_say_what_they_had_and_what_stands_in_the_way(ledger, told):
    (pacs,) = ask(ledger, report.destinations)
    assert (pacs.destination, pacs.delivered, pacs.undelivered) == ("pacs", 1, 1)
    assert pacs.last_delivered_at == NOW + 14
    (hindrance,) = ask(ledger, report.hindrances)
    assert (hindrance.error, hindrance.results, hindrance.since) == ("status A700", 1, NOW + 12)
