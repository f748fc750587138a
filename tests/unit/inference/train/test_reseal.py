import shutil

import pytest

from inference.errors import PackageInvalid
from inference.package.checksums import verify_checksums
from inference.package.golden import read_golden_case
from inference.train.reseal import reseal


@pytest.fixture
def changed(package, tmp_path):
    folder = shutil.copytree(package, tmp_path / package.name)
    (folder / "card.md").write_text("a better card", encoding="utf-8")
    return folder


def test_sealing_again_mends_a_changed_card_and_keeps_the_golden_input(changed):
    with pytest.raises(PackageInvalid, match=r"card\.md changed"):
        verify_checksums(changed)
    before = read_golden_case(changed)
    digest = reseal(changed)
    assert verify_checksums(changed) == digest
    after = read_golden_case(changed)
    assert (after.pixels == before.pixels).all()
    assert (after.labels == before.labels).all()


def test_the_golden_case_is_that_of_the_changed_manifest(changed):
    before = read_golden_case(changed).probabilities
    text = (changed / "model.toml").read_text(encoding="utf-8")
    (changed / "model.toml").write_text(text + "\n[predict]\ntemperature = 40.0\n", encoding="utf-8")
    reseal(changed)
    after = read_golden_case(changed).probabilities
    # A higher temperature draws what was sure towards a half.
    assert abs(after - 0.5).mean() < abs(before - 0.5).mean() - 0.2


def test_without_a_golden_case_there_is_nothing_to_seal_by(changed):
    (changed / "golden" / "case.npz").unlink()
    with pytest.raises(PackageInvalid):
        reseal(changed)
