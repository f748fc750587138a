"""What no file of this repository may hold."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "deploy/locks").glob("*.txt"))

# Written apart, so that this file is clean of what it looks for.
INDEX_OPTION = re.compile(r"(?<!--no-emit-)(?:--extra-|--|PIP_|UV_)" + r"index[-_]url", re.IGNORECASE)
INDEX_ADDRESS = re.compile(r"https?://[^\s\"']+/" + r"simple\b")


def _texts() -> dict[str, str]:
    """Every tracked file, and every new one git does not ignore, that is text."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    texts = {}
    for name in filter(None, listed):
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            texts[name] = content.decode("utf-8", errors="replace")
    return texts


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no clone: there is no list of tracked files")
    return _texts()


def test_the_patterns_find_what_they_are_for():
    assert INDEX_OPTION.search("--index" + "-url https://mirror")
    assert INDEX_OPTION.search("PIP_INDEX" + "_URL=https://mirror")
    assert not INDEX_OPTION.search("--no-emit-index" + "-url")
    assert INDEX_ADDRESS.search("https://mirror.example/" + "simple/pydicom")


def test_no_file_names_a_package_index(texts):
    assert "pyproject.toml" in texts
    found = [name for name, text in texts.items() if INDEX_OPTION.search(text) or INDEX_ADDRESS.search(text)]
    assert found == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_file_holds_names_versions_and_hashes_and_no_address(lock):
    lines = lock.read_text(encoding="utf-8").splitlines()
    allowed = re.compile(
        r"#.*|\s+--hash=sha256:[0-9a-f]{64}( \\)?|[A-Za-z0-9._-]+(\[[a-z0-9,_-]+\])?==[^\s@:/]+( ; [^:/]+)? \\|"
    )
    assert [line for line in lines if not allowed.fullmatch(line)] == []


def test_the_lock_files_are_there():
    assert {path.stem for path in LOCKS} == {"cpu", "gpu", "dev"}


def test_every_version_in_a_lock_has_its_hash():
    for lock in LOCKS:
        text = lock.read_text(encoding="utf-8")
        pinned = re.findall(r"^[A-Za-z0-9].*== ?[^\n]*\n(\s+--hash)?", text, flags=re.MULTILINE)
        assert pinned
        assert all(pinned), lock.name
