import keras
import numpy as np
import pytest

from inference.errors import PackageInvalid, TrainingRefused
from inference.package.checksums import verify_checksums
from inference.package.manifest import read_manifest
from inference.predict import load_predictor
from inference.preprocess.field import Field
from inference.train.evaluate.evaluation import Evaluation
from inference.train.package import Trained, package_folder, write_package
from inference.zoo.unet import unet
from tests.model_package import phantom
from tests.unit.inference.train.small_training import write_recipe

FIGURES = {"dice_mean": 0.5, "validation_images": 3}


def trained(**changes):
    keras.utils.set_random_seed(0)
    field = Field(values=phantom(96, 80)[0] * 200, affine=None)
    parts = {
        "networks": (unet(rows=32, columns=32, classes=2, base=2, depth=2),),
        "predict": {},
        "judge": lambda manifest, predictor: Evaluation(figures=FIGURES, sentences=("mean Dice 0.5",)),
        "fields": [field],
        "golden": field,
        "notes": {"epochs": 7, "seeds": "1, 2"},
    }
    return Trained(**(parts | changes))


def test_a_package_is_written_and_sealed(tmp_path):
    written = write_package(tmp_path / "out", write_recipe(tmp_path / "recipe"), trained())
    assert written.folder == tmp_path / "out" / "shades-1.2.3"
    assert verify_checksums(written.folder) == written.digest
    assert read_manifest(written.folder).model.evaluation == FIGURES
    assert (written.folder / "recipe.toml").read_bytes() == (tmp_path / "recipe/recipe.toml").read_bytes()


def test_what_is_judged_is_what_was_exported(tmp_path):
    asked = trained()
    image = np.random.default_rng(0).random((32, 32)).astype(np.float32)
    seen = []

    def judge(manifest, predictor):
        seen.append(predictor(image))
        return Evaluation(figures={}, sentences=())

    written = write_package(
        tmp_path / "out", write_recipe(tmp_path / "recipe"), trained(networks=asked.networks, judge=judge)
    )
    manifest = read_manifest(written.folder)
    np.testing.assert_array_equal(
        seen[0], load_predictor(written.folder / "model", manifest.io, manifest.predict)(image)
    )
    (expected,) = np.asarray(asked.networks[0]({"image": image[None, ..., None]})["probabilities"])
    np.testing.assert_allclose(seen[0], expected, atol=1e-5)


def test_the_card_of_the_recipe_has_its_figures(tmp_path):
    recipe = write_recipe(tmp_path / "recipe")
    (recipe.parent / "card.md").write_text("$epochs epochs, $dice_mean\n$evaluation\n$$", encoding="utf-8")
    written = write_package(tmp_path / "out", recipe, trained())
    card = (written.folder / "card.md").read_text(encoding="utf-8")
    assert card == "7 epochs, 0.500\n- mean Dice 0.5\n$"


def test_without_a_card_one_is_begun(tmp_path):
    written = write_package(tmp_path / "out", write_recipe(tmp_path / "recipe"), trained())
    assert "- Evaluation: dice_mean 0.5" in (written.folder / "card.md").read_text(encoding="utf-8")


def test_a_card_with_an_unknown_figure_leaves_nothing_behind(tmp_path):
    recipe = write_recipe(tmp_path / "recipe")
    (recipe.parent / "card.md").write_text("$dice_maen", encoding="utf-8")
    with pytest.raises(
        TrainingRefused, match=r"names \$dice_maen, .* known are dice_mean, .* nothing is learnt anew"
    ):
        write_package(tmp_path / "out", recipe, trained())
    assert list((tmp_path / "out").iterdir()) == []


def test_a_network_that_is_another_than_the_manifest_says_is_refused(tmp_path):
    image = keras.Input((32, 32, 1))
    two = keras.Model(image, [image, image])
    with pytest.raises(PackageInvalid, match="several outputs without names"):
        write_package(tmp_path / "out", write_recipe(tmp_path / "recipe"), trained(networks=(two,)))


def test_a_folder_that_is_there_is_told(tmp_path):
    manifest = read_manifest(write_recipe(tmp_path / "recipe").parent)
    assert package_folder(tmp_path, manifest) == tmp_path / "shades-1.2.3"
    (tmp_path / "shades-1.2.3").mkdir()
    with pytest.raises(FileExistsError, match="exists; move it away"):
        package_folder(tmp_path, manifest)
