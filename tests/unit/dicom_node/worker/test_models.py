from types import SimpleNamespace

import pytest

from dicom_node.ledger import models as ledger_models
from dicom_node.worker import models
from inference.errors import PackageInvalid
from tests.unit.dicom_node.given import MANIFEST


@pytest.fixture
def folders(tmp_path):
    made = []
    for version in ("1.2.3", "2.0.0"):
        folder = tmp_path / f"shades-{version}"
        folder.mkdir()
        (folder / "model.toml").write_text(MANIFEST.replace("1.2.3", version), encoding="utf-8")
        made.append(folder)
    return made


def test_what_loads_is_ready_and_what_does_not_says_why(ledger, folders, monkeypatch):
    def load_model(folder):
        if folder.name.endswith("2.0.0"):
            raise PackageInvalid("the golden case is not reproduced")
        return SimpleNamespace(digest="a" * 64)

    monkeypatch.setattr(models, "load_model", load_model)
    ready = models.load_models(ledger, folders)
    assert list(ready) == [("shades", "1.2.3")]
    with ledger.snapshot() as tx:
        first, second = ledger_models.all_found(tx)
    assert (first.model_version, first.digest, first.reason_not_ready) == ("1.2.3", "a" * 64, None)
    assert (second.model_version, second.digest) == ("2.0.0", None)
    assert second.reason_not_ready == "the golden case is not reproduced"


def test_a_package_mended_is_ready_again(ledger, folders, monkeypatch):
    def broken(_):
        raise PackageInvalid("a file changed")

    monkeypatch.setattr(models, "load_model", broken)
    assert models.load_models(ledger, folders[:1]) == {}
    monkeypatch.setattr(models, "load_model", lambda _: SimpleNamespace(digest="b" * 64))
    assert list(models.load_models(ledger, folders[:1])) == [("shades", "1.2.3")]
    with ledger.snapshot() as tx:
        (found,) = ledger_models.all_found(tx)
    assert (found.digest, found.reason_not_ready) == ("b" * 64, None)
