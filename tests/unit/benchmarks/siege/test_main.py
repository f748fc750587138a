from tests.benchmarks.siege.__main__ import reason_not_to_start
from tests.benchmarks.siege.scale import FULL, QUICK


def test_too_few_descriptors_are_told_with_what_to_do():
    reason = reason_not_to_start(FULL, hard_limit=1024)
    assert "1024 open files are allowed here, 3200 are needed" in reason
    assert "ulimit -Hn 3200" in reason


def test_enough_are_enough():
    assert reason_not_to_start(FULL, hard_limit=3200) is None
    assert reason_not_to_start(FULL, hard_limit=-1) is None  # no limit
    assert reason_not_to_start(QUICK, hard_limit=1024) is None
