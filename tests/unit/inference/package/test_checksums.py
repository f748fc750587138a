import hashlib
from pathlib import Path

import pytest

from inference.errors import PackageInvalid
from inference.package.checksums import digest_of, seal, verify_checksums


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    folder = tmp_path / "model-1.0.0"
    (folder / "model" / "variables").mkdir(parents=True)
    (folder / "model.toml").write_text("[model]")
    (folder / "model" / "variables" / "data").write_bytes(b"\x00\x01")
    seal(folder)
    return folder


def _refusal(folder: Path) -> str:
    with pytest.raises(PackageInvalid) as caught:
        verify_checksums(folder)
    return str(caught.value)


def test_the_digest_is_that_of_the_list(sealed):
    expected = hashlib.sha256((sealed / "SHA256SUMS").read_bytes()).hexdigest()
    assert verify_checksums(sealed) == digest_of(sealed) == expected


def test_the_list_can_be_checked_by_sha256sum(sealed):
    lines = (sealed / "SHA256SUMS").read_text().splitlines()
    assert lines[0] == f"{hashlib.sha256(b'[model]').hexdigest()}  model.toml"
    assert [line[66:] for line in lines] == ["model.toml", "model/variables/data"]


def test_a_changed_file_is_named(sealed):
    (sealed / "model" / "variables" / "data").write_bytes(b"\x00\x02")
    assert "model/variables/data changed" in _refusal(sealed)


def test_a_missing_file_is_named(sealed):
    (sealed / "model.toml").unlink()
    assert "lacks model.toml" in _refusal(sealed)


def test_an_extra_file_is_named(sealed):
    (sealed / "model" / "run.py").write_text("")
    assert "holds model/run.py, not in SHA256SUMS" in _refusal(sealed)


@pytest.mark.parametrize("name", ["model/link", "SHA256SUMS"])
def test_a_symbolic_link_is_refused(sealed, tmp_path, name):
    target = tmp_path / "elsewhere"
    target.write_bytes((sealed / "SHA256SUMS").read_bytes())
    (sealed / name).unlink(missing_ok=True)
    (sealed / name).symlink_to(target)
    assert "symbolic link" in _refusal(sealed)


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "model/../../outside", "./model.toml"])
def test_a_name_that_climbs_out_is_refused(sealed, name):
    with (sealed / "SHA256SUMS").open("a") as file:
        file.write(f"{'0' * 64}  {name}\n")
    assert "not a plain path" in _refusal(sealed)


@pytest.mark.parametrize("line", ["model.toml", f"{'g' * 64}  model.toml", f"{'0' * 64} model.toml", ""])
def test_a_line_of_another_form_is_refused(sealed, line):
    with (sealed / "SHA256SUMS").open("a") as file:
        file.write(line + "\n")
    assert "line 3 is not" in _refusal(sealed)


def test_an_unsealed_folder_is_refused(tmp_path):
    assert "holds no SHA256SUMS" in _refusal(tmp_path)


def test_a_list_without_end_is_not_read(sealed):
    (sealed / "SHA256SUMS").write_bytes(b"0" * (1024 * 1024 + 1))
    assert "too large" in _refusal(sealed)


def test_a_list_that_is_no_text_is_refused(sealed):
    (sealed / "SHA256SUMS").write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in _refusal(sealed)
