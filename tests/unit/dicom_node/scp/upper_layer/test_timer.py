import time

import pytest

from dicom_node.scp.upper_layer.timer import Timer


@pytest.fixture
def clock(monkeypatch):
    """Both clocks of the machine; the wall's may be set."""
    now = {"monotonic": 50.0, "time": 1_772_366_400.0}
    for name in now:
        monkeypatch.setattr(time, name, lambda name=name: now[name])
    return now


def test_expires_after_its_timeout_and_not_before(clock):
    timer = Timer(30)
    timer.start()
    clock["monotonic"] += 30
    assert not timer.expired
    clock["monotonic"] += 0.01
    assert timer.expired


@pytest.mark.parametrize("step", [120, -120, 10 * 365 * 86_400])
def test_no_step_of_the_wall_clock_moves_it(clock, step):
    timer = Timer(30)
    timer.start()
    clock["time"] += step
    assert not timer.expired
    clock["monotonic"] += 31
    assert timer.expired


def test_runs_only_from_its_start_to_its_stop(clock):
    timer = Timer(30)
    clock["monotonic"] += 1000
    assert not timer.expired
    timer.start()
    timer.stop()
    clock["monotonic"] += 1000
    assert not timer.expired


def test_started_again_it_counts_anew(clock):
    timer = Timer(30)
    for begin in (timer.start, timer.restart, timer.restart):
        begin()
        clock["monotonic"] += 20
        assert not timer.expired
    clock["monotonic"] += 11
    assert timer.expired


def test_its_timeout_may_be_set_while_it_runs_and_none_is_never(clock):
    timer = Timer(30)
    timer.start()
    clock["monotonic"] += 20
    timer.timeout = 10
    assert timer.expired
    timer.timeout = None
    assert not timer.expired
