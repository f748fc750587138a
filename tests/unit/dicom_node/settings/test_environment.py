from pathlib import Path

import pytest

from dicom_node.settings import load_settings
from tests.unit.dicom_node.settings.given import mistakes_of, written


def test_the_environment_has_the_last_word(tmp_path):
    path = written(tmp_path, "[scp]\nport = 4242\n")
    settings = load_settings(path, {"DICOM_NODE_SCP__PORT": "4343", "DICOM_NODE_QUEUE__LEASE_SECONDS": "2.5"})
    assert settings.scp.port == 4343
    assert settings.queue.lease_seconds == 2.5


def test_the_environment_may_name_a_destination(tmp_path):
    path = written(tmp_path, '[destinations.PACS]\nurl = "dicom://OLD@h:104"\n')
    environ = {
        "DICOM_NODE_DESTINATIONS__PACS__URL": "dicom://NEW@h:104",
        "DICOM_NODE_DESTINATIONS__BACKUP__URL": "dicom://B@h:104",
    }
    found = load_settings(path, environ).destinations
    assert {name: each.url for name, each in found.items()} == {
        "PACS": "dicom://NEW@h:104",
        "backup": "dicom://B@h:104",
    }


def test_the_environment_may_hold_a_list(tmp_path):
    environ = {"DICOM_NODE_INFERENCE__PACKAGES": '["one", "/opt/two"]'}
    packages = load_settings(written(tmp_path, ""), environ).inference.packages
    assert packages == (tmp_path / "one", Path("/opt/two"))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("DICOM_NODE_SCP__PORT__X", "environment DICOM_NODE_SCP__PORT__X: no such key"),
        ("DICOM_NODE_SCP__PRT", "[scp] prt: unknown; did you mean 'port'?"),
        ("DICOM_NODE_SPC__PORT", "[spc]: unknown; did you mean 'scp'?"),
        ("DICOM_NODE_SCP__", "[scp] : unknown"),
    ],
)
def test_a_wrong_name_in_the_environment_is_a_mistake(tmp_path, name, sentence):
    (mistake,) = mistakes_of(written(tmp_path, "[scp]\nport = 1\n"), {name: "1"})
    assert mistake.strip().startswith(sentence)


def test_a_broken_list_in_the_environment_is_a_mistake_and_not_a_crash(tmp_path):
    mistakes = mistakes_of(written(tmp_path, ""), {"DICOM_NODE_INFERENCE__PACKAGES": "[one"})
    assert "[inference] packages" in mistakes[0]


def test_names_without_a_section_are_none_of_our_business(tmp_path):
    """What Kubernetes sets in every pod beside a service named dicom-node, and what a Dockerfile may."""
    environ = {
        "DICOM_NODE_PORT": "tcp://10.0.0.1:11112",
        "DICOM_NODE_PORT_11112_TCP_ADDR": "10.0.0.1",
        "DICOM_NODE_SERVICE_HOST": "10.0.0.1",
        "DICOM_NODE_VERSION": "0.1.0",
    }
    assert load_settings(written(tmp_path, ""), environ) == load_settings(written(tmp_path, ""), {})


def test_other_variables_are_none_of_our_business(tmp_path):
    assert load_settings(written(tmp_path, ""), {"PATH": "/bin", "DICOM_NODES_X__Y": "1"}).scp.port == 11112
