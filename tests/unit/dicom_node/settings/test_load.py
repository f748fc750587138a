import pytest

from dicom_node.errors import SettingsInvalid
from dicom_node.settings import Settings, load_settings
from dicom_node.settings.paths import SHIPPED_PACKAGES
from tests.unit.dicom_node.settings.given import mistakes_of, written


def test_a_settings_file_in_the_current_folder_is_taken(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "[scp]\nport = 4242\n")
    assert load_settings(None, {}).scp.port == 4242


def test_without_a_file_the_defaults_hold_in_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None, {})
    assert settings.scp == Settings().scp
    assert settings.spool_folder == tmp_path / "var/spool"
    assert settings.ledger.url == f"sqlite:///{tmp_path}/var/ledger.sqlite3"
    assert settings.inference.packages == (SHIPPED_PACKAGES,)


def test_all_mistakes_are_told_at_once(tmp_path):
    path = written(
        tmp_path,
        """
        [scp]
        ae_title = "SEVENTEEN_LETTERS"
        port = 70000
        [queue]
        url = "amqp://host"
        [destinations.pacs]
        url = "http://host"
        """,
    )
    mistakes = "\n".join(mistakes_of(path, {"DICOM_NODE_SCP__PORT__X": "1"}))
    for place in ("[scp] ae_title", "[scp] port = 70000", "[queue] url", "[destinations.pacs] url"):
        assert place in mistakes
    assert "environment DICOM_NODE_SCP__PORT__X: no such key; the form is DICOM_NODE_SECTION__KEY" in mistakes
    assert len(mistakes.splitlines()) == 5


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(
        SettingsInvalid, match=r"no settings file .*nowhere\.toml; name another with --settings"
    ):
        load_settings(tmp_path / "nowhere.toml", {})


@pytest.mark.parametrize("content", [b"[scp", b"\xff\xfe\x00", b"a = " + b"[" * 100_000])
def test_a_file_that_is_no_toml_is_said_plainly(tmp_path, content):
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsInvalid, match="cannot be read as TOML"):
        load_settings(path, {})


def test_a_folder_in_place_of_the_file_is_said_plainly(tmp_path):
    with pytest.raises(SettingsInvalid, match="cannot be read"):
        load_settings(tmp_path, {})
