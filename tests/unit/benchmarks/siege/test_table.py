from tests.benchmarks.siege.modality import Stored
from tests.benchmarks.siege.table import as_table
from tests.unit.benchmarks.siege.outcomes import outcome


def test_latencies_are_in_milliseconds_and_besiegers_have_their_line():
    lines = as_table(outcome()).splitlines()
    (calm,) = [line for line in lines if line.startswith("the modality in calm: C-STORE")]
    assert calm.split()[-4:] == ["100", "4.0", "10.0", "10.0"]
    (silent,) = [line for line in lines if line.startswith("connected and silent")]
    assert silent.split()[-4:] == ["10", "0", "3", "0"]
    assert "all at once: 60 instances/s" in lines


def test_what_was_not_measured_is_a_dash():
    lines = as_table(outcome(siege=Stored())).splitlines()
    (siege,) = [line for line in lines if line.startswith("the modality under siege: C-STORE")]
    assert siege.split()[-4:] == ["0", "–", "–", "–"]
