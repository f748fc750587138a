import json
import shutil

import keras
import numpy as np
import pytest
from PIL import Image

from inference.errors import PackageInvalid
from inference.package.checksums import verify_checksums
from inference.package.envelope import read_envelope
from inference.package.golden import read_golden_case, reason_not_reproduced
from inference.package.manifest import read_manifest
from inference.predict import load_predictor
from inference.train.__main__ import RECIPE, train
from inference.train.chain import run_chain
from inference.train.fit import Plan
from inference.train.package import reseal


def write_data(folder):
    """Four patients, one of each sex and projection, and two more so that some are left to learn from."""
    rng = np.random.default_rng(0)
    entries = []
    for kind in ("images", "lung_masks"):
        (folder / kind).mkdir(parents=True)
    for number in range(8):
        mask = np.zeros((90, 70), np.uint8)
        mask[20:70, 8:30] = mask[20:70, 40:62] = 255
        pixels = (200 - mask // 2 + rng.integers(0, 20, mask.shape)).astype(np.uint8)
        Image.fromarray(pixels).save(folder / "images" / f"{number}.png")
        Image.fromarray(mask).save(folder / "lung_masks" / f"{number}.png")
        entries.append(
            {
                "image": f"{number}.png",
                "lung_mask": f"{number}.png",
                "patient_id": f"p{number}",
                "projection": "ap" if number % 2 else "pa",
                "sex": "f" if number % 4 < 2 else "m",
            }
        )
    (folder / "labels.json").write_text(json.dumps(entries))


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """A package made by the whole program in two steps of training: valid in form, and no good as a model."""
    data = tmp_path_factory.mktemp("data")
    write_data(data)
    folder, digest = train(data, tmp_path_factory.mktemp("out"), Plan(epochs=1, steps=2, batch=1))
    return folder, digest


@pytest.fixture
def package(packed, tmp_path):
    return shutil.copytree(packed[0], tmp_path / packed[0].name)


def test_sums_hold_and_are_the_digest(packed):
    folder, digest = packed
    assert verify_checksums(folder) == digest


@pytest.mark.parametrize("name", ["card.md", "model.toml", "model/saved_model.pb", "golden/case.npz"])
def test_one_changed_byte_is_found(package, name):
    content = bytearray((package / name).read_bytes())
    content[len(content) // 2] ^= 1
    (package / name).write_bytes(content)
    with pytest.raises(PackageInvalid, match=name.split("/")[-1]):
        verify_checksums(package)


def test_figures_are_counted_from_the_split(packed):
    evaluation = read_manifest(packed[0]).model.evaluation
    assert evaluation["training_patients"] == evaluation["validation_patients"] == 4
    assert evaluation["ap_images"] == evaluation["pa_images"] == 2
    assert 0.0 <= evaluation["dice_least"] <= evaluation["dice_mean"] <= 1.0


def test_card_has_its_figures(packed):
    card = (packed[0] / "card.md").read_text(encoding="utf-8")
    assert "$" not in card
    assert "1940817 parameters" in card
    assert f"{read_manifest(packed[0]).model.evaluation['dice_mean']:.3f}" in card


def test_exported_model_passes_the_checks_of_serving_and_gives_the_golden_case(packed):
    manifest, case = read_manifest(packed[0]), read_golden_case(packed[0])
    probabilities, labels = run_chain(case.pixels, manifest, load_predictor(packed[0] / "model", manifest.io))
    assert reason_not_reproduced(case, probabilities, labels) is None
    assert labels.shape == (*case.pixels.shape, 1)


def test_exported_model_equals_the_network(packed):
    from inference.zoo.unet import unet

    folder = packed[0]
    network = unet(base=16)
    network.load_weights(folder.parent / "cxr_lungs.weights.h5")
    image = np.random.default_rng(1).random((256, 256)).astype(np.float32)
    expected = keras.ops.convert_to_numpy(network({"image": image[None, ..., None]})["probabilities"])[0]
    served = load_predictor(folder / "model", read_manifest(folder).io)(image)
    np.testing.assert_allclose(served, expected, atol=1e-5)


def test_envelope_holds_the_training_images(packed):
    envelope = read_envelope(packed[0])
    assert envelope is not None
    assert len(envelope.percentiles) == 7
    assert (envelope.highest - envelope.lowest >= 0.09).all()


def test_sealing_again_mends_a_changed_card_and_nothing_else(package):
    before = (package / "golden" / "case.npz").read_bytes()
    (package / "card.md").write_text("a better card", encoding="utf-8")
    digest = reseal(package)
    assert verify_checksums(package) == digest
    assert (package / "golden" / "case.npz").read_bytes() == before


def test_a_package_is_never_written_over(packed, tmp_path):
    with pytest.raises(FileExistsError, match="never written over"):
        train(tmp_path, packed[0].parent, Plan(epochs=1))


def test_recipe_is_a_manifest_and_names_known_concepts():
    from pydicom.sr.codedict import codes

    manifest = read_manifest(RECIPE)
    (segment,) = manifest.output.segment
    names = [segment.category, segment.type, segment.laterality, manifest.algorithm.family]
    names += [measurement.code for measurement in manifest.output.measurement]
    for name in names:
        scheme, keyword = name.split(".")
        assert getattr(getattr(codes, scheme), keyword).value
