import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dicom_node.demo.pacs.archive import PacsArchive, UidMismatch
from dicom_node.demo.pacs.instance import HeldInstance, NotAnInstance

SOP_CLASS = "1.2.840.10008.5.1.4.1.1.2"


def opened(folder: Path) -> PacsArchive:
    archive = PacsArchive(folder)
    archive.open()
    return archive


def keep(archive: PacsArchive, content: bytes, sop_instance_uid: str) -> HeldInstance:
    return archive.keep(content, sop_class_uid=SOP_CLASS, sop_instance_uid=sop_instance_uid)


def test_an_instance_is_kept_byte_for_byte_and_found(tmp_path: Path, encoded: Callable[..., bytes]) -> None:
    archive = opened(tmp_path / "pacs")
    content = encoded(SOPInstanceUID="1.2.3")
    instance = keep(archive, content, "1.2.3")
    assert instance.path.read_bytes() == content
    assert [path.name for path in (tmp_path / "pacs").iterdir()] == ["1.2.3.dcm"]
    assert archive.instances() == [instance]
    assert archive.holding("1.2.3") == instance
    assert archive.holding("1.2.4") is None


def test_instances_are_told_apart_by_study_and_come_in_order(
    tmp_path: Path, encoded: Callable[..., bytes]
) -> None:
    archive = opened(tmp_path)
    for study, sop in (("1.1", "1.9"), ("1.2", "1.7"), ("1.1", "1.8")):
        keep(archive, encoded(StudyInstanceUID=study, SOPInstanceUID=sop), sop)
    assert [one.sop_instance_uid for one in archive.instances()] == ["1.8", "1.9", "1.7"]
    assert [one.sop_instance_uid for one in archive.instances("1.2")] == ["1.7"]
    assert archive.instances("1.3") == []


def test_the_index_comes_back_from_the_folder(tmp_path: Path, encoded: Callable[..., bytes]) -> None:
    kept = keep(opened(tmp_path), encoded(SOPInstanceUID="1.2.3"), "1.2.3")
    assert opened(tmp_path).instances() == [kept]


def test_what_was_half_written_or_is_not_ours_is_not_in_the_index(
    tmp_path: Path, encoded: Callable[..., bytes], caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / ".incoming-0").write_bytes(encoded())
    (tmp_path / "Doe^John.dcm").write_bytes(encoded())
    (tmp_path / "garbage-Doe.dcm").write_bytes(b"garbage")
    assert opened(tmp_path).instances() == []
    assert not (tmp_path / ".incoming-0").exists()
    assert "left a file out of the index" in caplog.text
    assert "Doe" not in caplog.text


def test_the_first_content_under_a_uid_stays(
    tmp_path: Path, encoded: Callable[..., bytes], caplog: pytest.LogCaptureFixture
) -> None:
    archive = opened(tmp_path)
    first = encoded(SOPInstanceUID="1.2.3", PatientID="first")
    keep(archive, first, "1.2.3")
    keep(archive, first, "1.2.3")
    assert "other content" not in caplog.text
    kept = keep(archive, encoded(SOPInstanceUID="1.2.3", PatientID="second"), "1.2.3")
    assert kept.path.read_bytes() == first
    assert "kept the first content of 1.2.3" in caplog.text
    assert [path.name for path in tmp_path.iterdir()] == ["1.2.3.dcm"]


def test_an_instance_whose_file_was_taken_away_is_not_held_and_can_be_kept_again(
    tmp_path: Path, encoded: Callable[..., bytes]
) -> None:
    archive = opened(tmp_path)
    content = encoded(SOPInstanceUID="1.2.3")
    keep(archive, content, "1.2.3").path.unlink()
    assert archive.holding("1.2.3") is None
    assert keep(archive, content, "1.2.3").path.read_bytes() == content


@pytest.mark.parametrize(
    ("sop_class_uid", "sop_instance_uid"),
    [(SOP_CLASS, "1.2.4"), ("1.2.840.10008.5.1.4.1.1.4", "1.2.3"), (SOP_CLASS, "../1.2.3"), ("", "1.2.3")],
)
def test_command_and_data_set_must_name_the_same_valid_uids(
    tmp_path: Path, encoded: Callable[..., bytes], sop_class_uid: str, sop_instance_uid: str
) -> None:
    archive = opened(tmp_path / "pacs")
    with pytest.raises(UidMismatch):
        archive.keep(
            encoded(SOPInstanceUID="1.2.3"), sop_class_uid=sop_class_uid, sop_instance_uid=sop_instance_uid
        )
    assert list(tmp_path.rglob("*")) == [tmp_path / "pacs"]


def test_what_cannot_be_read_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(NotAnInstance):
        keep(opened(tmp_path), b"garbage", "1.2.3")
    assert list(tmp_path.iterdir()) == []


def test_when_the_disk_fails_nothing_is_held_and_nothing_is_left(
    tmp_path: Path, encoded: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    archive = opened(tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep(archive, encoded(SOPInstanceUID="1.2.3"), "1.2.3")
    assert list(tmp_path.iterdir()) == []
    assert archive.instances() == []


def test_content_is_flushed_before_it_gets_its_name_and_the_folder_after(
    tmp_path: Path, encoded: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    named_at_flush: list[bool] = []
    archive = opened(tmp_path)
    monkeypatch.setattr(os, "fsync", lambda _: named_at_flush.append((tmp_path / "1.2.3.dcm").exists()))
    keep(archive, encoded(SOPInstanceUID="1.2.3"), "1.2.3")
    assert named_at_flush == [False, True]


def test_many_threads_with_one_uid_agree_on_one_content(
    tmp_path: Path, encoded: Callable[..., bytes]
) -> None:
    archive = opened(tmp_path)
    contents = [encoded(SOPInstanceUID="1.2.3", PatientID=str(number)) for number in range(24)]
    with ThreadPoolExecutor(8) as threads:
        kept = list(threads.map(lambda content: keep(archive, content, "1.2.3"), contents))
    assert len({(one.path, one.patient_id) for one in kept}) == 1
    assert kept[0].path.read_bytes() == contents[int(kept[0].patient_id)]
    assert list(tmp_path.iterdir()) == [kept[0].path]
