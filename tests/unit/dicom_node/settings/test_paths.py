from pathlib import Path

import pytest

from dicom_node.settings import Settings, load_settings
from tests.unit.dicom_node.settings.given import SHIPPED, written


def test_relative_paths_are_relative_to_the_file_wherever_one_stands(tmp_path, monkeypatch):
    folder = tmp_path / "a place with spaces"
    folder.mkdir()
    path = written(
        folder,
        """
        spool = { url = "shelf of mine" }
        ledger = { url = "sqlite:///the ledger.sqlite3" }
        inference = { packages = ["my models", "/opt/models"] }
        """,
    )
    monkeypatch.chdir("/")
    settings = load_settings(path, {})
    assert settings.spool_folder == folder / "shelf of mine"
    assert settings.ledger.url == f"sqlite:///{folder}/the ledger.sqlite3"
    assert settings.inference.packages == (folder / "my models", Path("/opt/models"))


def test_absolute_paths_stay_as_they_are(tmp_path):
    path = written(
        tmp_path, '[spool]\nurl = "file:///srv/spool%20one"\n[ledger]\nurl = "sqlite:////srv/l.sqlite3"\n'
    )
    settings = load_settings(path, {})
    assert settings.spool_folder == Path("/srv/spool one")
    assert settings.ledger.url == "sqlite:////srv/l.sqlite3"


@pytest.mark.parametrize("text", ["", "[inference]\npackages = []\n"])
def test_no_packages_means_those_that_are_shipped_wherever_the_file_lies(tmp_path, text):
    (packages,) = load_settings(written(tmp_path, text), {}).inference.packages
    assert packages.is_absolute()
    assert packages.resolve() == (SHIPPED.parent / "inference" / "models").resolve()
    assert list(packages.glob("*/model.toml"))


def test_keep_free_may_be_nothing_and_survives_absolute_paths():
    settings = load_settings(SHIPPED, {"DICOM_NODE_SPOOL__KEEP_FREE": "0"})
    assert settings.spool.keep_free == 0
    assert settings.spool.url.startswith("file:///")
    assert Settings().spool.keep_free == 1_000_000_000
    assert Settings().scp.instance_at_most == 4_000_000_000
