import time

import pytest

from inference.pipeline.stopwatch import Stopwatch


def test_a_station_entered_twice_adds_up():
    watch = Stopwatch()
    for _ in range(2):
        with watch.station("gate"):
            time.sleep(0.01)
    assert watch.seconds["gate"] >= 0.02
    assert watch.seconds["load"] == 0


def test_an_error_is_timed_too():
    watch = Stopwatch()
    with pytest.raises(KeyError), watch.station("load"):
        raise KeyError
    assert watch.seconds["load"] > 0
