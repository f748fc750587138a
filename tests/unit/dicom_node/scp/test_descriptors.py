import resource

import pytest

from dicom_node.scp import descriptors
from dicom_node.scp.descriptors import FOR_EACH_ASSOCIATION, FOR_THE_REST, allow_descriptors

NO_LIMIT = resource.RLIM_INFINITY
NEEDED = FOR_EACH_ASSOCIATION * 500 + FOR_THE_REST


@pytest.fixture
def limits(monkeypatch):
    """The process's limits (soft, hard), as a list that is set and can be looked at."""
    held = [(1024, 4096)]
    monkeypatch.setattr(descriptors.resource, "getrlimit", lambda _: held[-1])
    monkeypatch.setattr(descriptors.resource, "setrlimit", lambda _, both: held.append(both))
    return held


@pytest.mark.parametrize("hard", [4096, NO_LIMIT])
def test_the_soft_limit_becomes_what_is_needed(limits, hard):
    limits[0] = (1024, hard)
    assert allow_descriptors(500) is None
    assert limits[-1] == (NEEDED, hard)


@pytest.mark.parametrize("soft", [4096, NO_LIMIT])
def test_a_limit_that_is_high_enough_is_never_lowered(limits, soft):
    limits[0] = (soft, NO_LIMIT)
    assert allow_descriptors(500) is None
    assert len(limits) == 1


def test_a_hard_limit_that_is_too_low_is_used_up_and_told(limits):
    limits[0] = (1024, 2048)
    said = allow_descriptors(500)
    assert limits[-1] == (2048, 2048)
    assert f"needs {NEEDED} open files, and this process may have 2048" in said


def test_the_limit_of_this_process_is_left_where_it_is_enough():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert allow_descriptors(1) is None
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before
