import errno
import os
import threading
import time

import pytest

from dicom_node.spool import folders
from dicom_node.spool.folders import Folders


def test_a_folder_is_made_with_those_above_it_each_flushed_where_it_was_made(tmp_path, flushed):
    Folders(tmp_path).make(tmp_path / "a/b/c")
    assert (tmp_path / "a/b/c").is_dir()
    assert flushed == [tmp_path, tmp_path / "a", tmp_path / "a/b"]


def test_what_is_on_disk_is_flushed_once(tmp_path, flushed):
    made = Folders(tmp_path)
    for _ in range(3):
        made.make(tmp_path / "a/b")
    made.make(tmp_path / "a/c")
    made.make(tmp_path)
    assert flushed == [tmp_path, tmp_path / "a", tmp_path / "a"]


def test_a_folder_that_was_there_is_flushed_all_the_same(tmp_path, flushed):
    """Who made it may have been killed before that."""
    (tmp_path / "a").mkdir()
    Folders(tmp_path).make(tmp_path / "a")
    assert flushed == [tmp_path]


def test_a_folder_whose_flush_failed_is_not_relied_on(tmp_path, monkeypatch):
    made = Folders(tmp_path)

    def fail(_):
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match="Input/output error"):
            made.make(tmp_path / "a")
    again, real = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: (again.append(1), real(descriptor)))
    made.make(tmp_path / "a")
    assert again == [1]


def test_what_was_taken_away_is_made_again_when_it_is_forgotten(tmp_path, flushed):
    made = Folders(tmp_path)
    made.make(tmp_path / "a/b")
    (tmp_path / "a/b").rmdir()
    (tmp_path / "a").rmdir()
    flushed.clear()
    made.forget(tmp_path / "a/b")
    made.make(tmp_path / "a/b")
    assert (tmp_path / "a/b").is_dir()
    assert flushed == [tmp_path, tmp_path / "a"]


def test_the_root_is_never_forgotten(tmp_path):
    made = Folders(tmp_path)
    made.forget(tmp_path)
    made.forget(tmp_path / "a")
    made.make(tmp_path)  # would make, and flush, all folders up to /
    assert made._durable == {tmp_path}


def test_no_more_are_remembered_than_so_many(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "MOST_REMEMBERED", 5)
    made = Folders(tmp_path)
    for number in range(20):
        made.make(tmp_path / f"{number}/a")
        assert len(made._durable) <= 5 + 1
    assert all((tmp_path / f"{number}/a").is_dir() for number in range(20))


def test_no_thread_goes_on_before_a_folder_that_another_makes_is_flushed(tmp_path, monkeypatch):
    made, is_flushing, flushed, real = Folders(tmp_path), threading.Event(), [], os.fsync

    def slow(descriptor):
        is_flushing.set()
        time.sleep(0.1)
        real(descriptor)
        flushed.append(1)

    monkeypatch.setattr(os, "fsync", slow)
    first = threading.Thread(target=made.make, args=(tmp_path / "a",))
    first.start()
    assert is_flushing.wait(5)
    made.make(tmp_path / "a")
    assert flushed == [1]
    first.join()
