from dataclasses import replace

import pytest

from dicom_node.ledger import analyses
from dicom_node.settings import QueueSettings, ResultsSettings
from dicom_node.worker.recipients import Recipient
from dicom_node.worker.task import Bench, sources_of, wishes_of
from inference.pipeline import Encoding, Predecessor, SeriesRule
from tests.unit.dicom_node.given import (
    NOW,
    STUDY,
    a_claim,
    a_result,
    an_instance,
    an_order,
    claim,
    enter,
    queue,
    succeed,
)

MAP = Encoding(form="LABELMAP")


@pytest.fixture
def bench(ledger, spool) -> Bench:
    return Bench(
        name="host:1",
        ledger=ledger,
        spool=spool,
        models={},
        recipients=[Recipient(name="pacs", encoding=MAP)],
        settings=QueueSettings(),
        results=ResultsSettings(
            series_number_times=0, series_number_plus=9000, series_description="AI {kind}"
        ),
    )


def test_sources_are_the_files_of_the_instances(bench, ledger, spool):
    assert sources_of(bench, a_claim(ledger)) == [spool.path(an_instance().key)]


def test_the_settings_become_wishes(bench, ledger):
    wishes = wishes_of(bench, a_claim(ledger))
    assert wishes.encodings == (MAP,)
    assert wishes.series == SeriesRule(times=0, plus=9000, description="AI {kind}")
    assert wishes.replaces == ()


def test_what_an_earlier_analysis_found_is_replaced(bench, ledger):
    assert succeed(ledger, a_claim(ledger), a_result(1))
    enter(ledger, an_instance(2))
    late = replace(an_order(2), source_instance_uids=(f"{STUDY}.1.1", f"{STUDY}.1.2"))
    queue(ledger, late, now=NOW + 5)
    held = claim(ledger, now=NOW + 5)
    assert wishes_of(bench, held).replaces == wishes_of(bench, held, after_itself=False).replaces
    assert wishes_of(bench, held).replaces == (
        Predecessor(
            kind="SEG",
            sop_class_uid=a_result(1).sop_class_uid,
            sop_instance_uid="2.25.1",
            series_instance_uid="2.25.100",
        ),
    )


def test_the_report_that_it_failed_is_replaced_by_what_comes_of_it_only(bench, ledger):
    held = a_claim(ledger)
    with ledger.transaction() as tx:
        assert analyses.fail(tx, held, [a_result(1, kind="SR")], reason="no memory", now=NOW)
        analyses.retry_failed(tx, STUDY, now=NOW)
    again = claim(ledger)
    assert [each.sop_instance_uid for each in wishes_of(bench, again).replaces] == ["2.25.1"]
    assert wishes_of(bench, again, after_itself=False).replaces == ()
