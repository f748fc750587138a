import pytest

from tests.benchmarks.ingest.measurement import Measurement, median_of, percentile


def _round(**figures):
    return Measurement(case="small", peer="somebody", **figures)


def test_percentiles_are_values_that_were_measured():
    values = [float(value) for value in range(100, 0, -1)]
    assert percentile(values, 50) == 50
    assert percentile(values, 99) == 99
    assert percentile(values, 100) == 100


@pytest.mark.parametrize("percent", [0, 1, 50, 99, 100])
def test_of_one_value_every_percentile_is_it(percent):
    assert percentile([7.0], percent) == 7.0


def test_each_figure_has_its_own_median():
    rounds = [_round(per_second=value, p99_ms=-value, done=5) for value in (1.0, 100.0, 3.0)]
    median = median_of(rounds)
    assert (median.per_second, median.p99_ms, median.done) == (3.0, -3.0, 5)
    assert (median.case, median.peer) == ("small", "somebody")


def test_a_figure_a_case_does_not_have_stays_none():
    assert median_of([_round(core_percent=4.0)]).per_second is None


def test_a_case_that_failed_once_has_failed():
    median = median_of([_round(per_second=1.0), _round(failed="gone"), _round(per_second=2.0)])
    assert median.failed == "gone"
    assert median.per_second is None


def test_what_was_remarked_is_remarked_once():
    notes = ["took only 4", "took only 4", ""]
    assert median_of([_round(note=note) for note in notes]).note == "took only 4"
