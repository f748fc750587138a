import os
import threading

from tests.neighbours.belongings import Belongings, belongings_of, resting, seconds_until_within


def test_threads_and_descriptors_are_counted():
    before, stop = belongings_of(os.getpid()), threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    ends = os.pipe()
    now = belongings_of(os.getpid())
    stop.set()
    thread.join()
    for each in ends:
        os.close(each)
    assert (now.threads - before.threads, now.descriptors - before.descriptors) == (1, 2)


def test_connections_of_the_ledger_are_not(tmp_path):
    before = belongings_of(os.getpid())
    with (tmp_path / "ledger.sqlite3-wal").open("wb"):
        assert belongings_of(os.getpid()) == before
    with (tmp_path / "instance.dcm").open("wb"):
        assert belongings_of(os.getpid()).descriptors == before.descriptors + 1


def test_more_of_one_is_not_within():
    base = Belongings(threads=2, descriptors=2)
    assert base.is_within(base)
    assert not Belongings(threads=3, descriptors=1).is_within(base)
    assert not Belongings(threads=1, descriptors=3).is_within(base)


def test_what_does_not_come_back_is_waited_for_no_longer_than_allowed():
    here = belongings_of(os.getpid())
    assert seconds_until_within(os.getpid(), here, at_most_seconds=0.2) is not None
    less = Belongings(threads=0, descriptors=0)
    assert seconds_until_within(os.getpid(), less, at_most_seconds=0.2) is None


def test_rest_is_what_is_held_for_a_while():
    assert resting(os.getpid()) == belongings_of(os.getpid())
