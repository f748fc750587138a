"""Every demand can be missed, and the verdict says by what."""

from dataclasses import replace

import pytest

from tests.benchmarks.siege.campaign import Aftermath
from tests.benchmarks.siege.judgement import judge, ratio
from tests.benchmarks.siege.modality import Stored
from tests.benchmarks.siege.scale import QUICK
from tests.unit.benchmarks.siege.outcomes import BASE, MOST, outcome

WELL = outcome()
LEFT = Aftermath(most=MOST, left=replace(BASE, threads=5), back_seconds=None)
SPOILT = [
    ({"crowd": replace(WELL.crowd, at_once=39)}, "open at once", "39 open"),
    ({"crowd": replace(WELL.crowd, sent=WELL.crowd.sent[:-1])}, "open at once", "119 of 120"),
    ({"crowd": replace(WELL.crowd, faults=["A-ABORT"] * 2)}, "open at once", "2 × A-ABORT"),
    ({"not_kept": 1}, "byte for byte", "119 of 120"),
    ({"crowd_aftermath": LEFT}, "after them", "5 threads, 7 descriptors are left"),
    ({"siege_aftermath": LEFT}, "after the siege", "5 threads, 7 descriptors are left"),
    ({"siege": replace(WELL.siege, refusals=["A-ASSOCIATE-RJ"])}, "never refused", "A-ASSOCIATE-RJ"),
    ({"siege": replace(WELL.siege, latencies=[0.0081] * 100)}, "median", "2.02 times"),
    ({"siege": replace(WELL.siege, latencies=[0.004] * 98 + [0.0202] * 2)}, "99th", "2.02 times"),
]


def test_when_all_went_well_all_is_met():
    verdicts = judge(outcome(), QUICK)
    assert [str(each) for each in verdicts if not each.is_met] == []
    assert len(verdicts) == 7


@pytest.mark.parametrize(("spoilt", "said", "measured"), SPOILT)
def test_what_went_wrong_is_the_one_thing_not_met(spoilt, said, measured):
    (missed,) = [each for each in judge(outcome(**spoilt), QUICK) if not each.is_met]
    assert said in missed.said
    assert measured in missed.measured
    assert str(missed).startswith("NOT MET")


def test_what_was_not_stored_has_no_ratio_and_is_not_met():
    never = outcome(siege=Stored())
    assert ratio(never, 50) is None
    assert {each.measured for each in judge(never, QUICK) if each.is_latency} == {"not measured"}
    assert not any(each.is_met for each in judge(never, QUICK) if each.is_latency)


def test_nothing_sent_is_not_kept_byte_for_byte():
    nobody = outcome(crowd=replace(WELL.crowd, at_once=0, sent=[]))
    assert [each.is_met for each in judge(nobody, QUICK)][:2] == [False, False]
