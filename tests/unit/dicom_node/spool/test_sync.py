import errno
import os
from pathlib import Path

import pytest

from dicom_node.spool.sync import sync_file, sync_folder


def test_the_file_and_the_folder_that_were_named_are_flushed(tmp_path, flushed):
    file = tmp_path / "file"
    file.write_bytes(b"content")
    sync_file(file)
    sync_folder(tmp_path)
    assert flushed == [file, tmp_path]


def test_what_is_not_there_is_an_error(tmp_path):
    for sync in (sync_file, sync_folder):
        with pytest.raises(FileNotFoundError):
            sync(tmp_path / "nothing")


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotADirectoryError):
        sync_folder(tmp_path / "file")


@pytest.mark.parametrize("is_broken", [False, True], ids=["sound", "broken"])
def test_the_descriptor_is_given_back(tmp_path, monkeypatch, is_broken):
    def fail(_):
        raise OSError(errno.EIO, "Input/output error")

    if is_broken:
        monkeypatch.setattr(os, "fsync", fail)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        try:
            sync_folder(tmp_path)
        except OSError as error:
            assert is_broken, error
        else:
            assert not is_broken
    assert len(list(Path("/proc/self/fd").iterdir())) == before
