"""The bars are those of the door's issue; what lacks its measurement says so and passes for nothing."""

import pytest

from tests.benchmarks.ingest.cases import CASES
from tests.benchmarks.ingest.measurement import FIGURES, Measurement
from tests.benchmarks.ingest.ratios import BARS, explain_stall, judge


def _judge(*medians):
    found = judge(medians, ours="node", ours_without_fsync="node without")
    return {verdict.said: verdict for verdict in found}


def _of(peer, case="one_association", **figures):
    return Measurement(case=case, peer=peer, **figures)


def test_every_bar_is_of_a_case_and_a_figure_there_are():
    assert {bar.case for bar in BARS} == {case.name for case in CASES}
    assert {bar.figure for bar in BARS} <= set(FIGURES)


@pytest.mark.parametrize(("ours", "is_met"), [(499, False), (500, True), (1000, True)])
def test_a_ratio_is_ours_over_theirs_and_held_to_its_bar(ours, is_met):
    verdict = _judge(_of("node", per_second=ours), _of("Orthanc", per_second=200))["ours/Orthanc, 525 KB"]
    assert verdict.measured == ours / 200
    assert verdict.is_met is is_met
    assert ("NOT MET" in str(verdict)) is not is_met
    assert "at least 2.5" in str(verdict)


@pytest.mark.parametrize(("ours", "is_met"), [(0.5, True), (2.0, False)])
def test_of_cost_there_may_be_at_most_so_much(ours, is_met):
    medians = _of("node", cpu_seconds_per_1000=ours), _of("Orthanc", cpu_seconds_per_1000=2.0)
    verdict = _judge(*medians)["CPU of ours/Orthanc, 525 KB"]
    assert verdict.measured == ours / 2.0
    assert verdict.is_met is is_met
    assert "at most 0.35" in str(verdict)


def test_the_node_without_fsync_is_held_to_its_own_bars_alone():
    verdicts = _judge(_of("node without", per_second=900), _of("C receive loop", per_second=1000))
    assert verdicts["ours without fsync/C loop, 525 KB"].measured == 0.9
    assert verdicts["ours/Orthanc, 525 KB"].measured is None


def test_a_figure_of_ours_alone_needs_no_other():
    assert _judge(_of("node", case="set_up", p50_ms=4.0))["ms to open and release an association"].is_met


@pytest.mark.parametrize(
    "medians",
    [
        [],
        [_of("node", per_second=900)],
        [_of("Orthanc", per_second=200)],
        [_of("node", per_second=900), _of("Orthanc", failed="gone")],
        [_of("node", per_second=900), _of("Orthanc", per_second=0.0)],
    ],
)
def test_what_was_not_measured_is_neither_met_nor_missed(medians):
    verdict = _judge(*medians)["ours/Orthanc, 525 KB"]
    assert verdict.measured is verdict.is_met is None
    assert "not measured" in str(verdict)


def test_the_stall_is_said_to_be_removed_and_shown_in_milliseconds_an_instance():
    said = explain_stall(
        [
            _of("DCMTK storescp", case="untuned", per_second=20.0),
            _of("DCMTK storescp", per_second=2000.0),
            _of("C receive loop", per_second=2500.0),
            _of("Orthanc", case="untuned", failed="gone"),
        ]
    )
    *sentence, line = said.splitlines()
    assert "removes that stall" in " ".join(sentence)
    assert line.split() == ["DCMTK", "storescp", "50.0", "0.5"]
