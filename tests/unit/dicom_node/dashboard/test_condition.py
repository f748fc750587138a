from dataclasses import replace

from dicom_node.dashboard.condition import condition_of
from tests.unit.dicom_node.dashboard.facts_by_hand import WELL, depth


def test_all_is_well_when_nothing_waits() -> None:
    condition = condition_of(WELL)
    assert (condition.word, condition.headline) == ("well", "All is well: nothing is waiting.")
    assert condition.findings == ()


def test_work_under_way_is_no_trouble() -> None:
    busy = depth(120.0, studies_receiving=1, analyses_running=1, analyses_queued=2, deliveries_owed=1)
    condition = condition_of(replace(WELL, depth=busy))
    assert condition.word == "well"
    assert condition.headline == (
        "All is well: 1 study is being received, 1 analysis is running, 2 analyses are queued, "
        "1 result is on its way."
    )
