import json
import shutil

import keras
import numpy as np
import pytest

from inference.errors import PackageInvalid, TrainingRefused
from inference.package.checksums import verify_checksums
from inference.package.envelope import read_envelope
from inference.package.golden import read_golden_case, reason_not_reproduced
from inference.package.manifest import read_manifest
from inference.predict import load_predictor
from inference.train.chain import run_chain
from inference.train.run import train
from inference.zoo.unet import unet
from tests.unit.inference.train.small_training import MODEL, RECIPE, write_data, write_recipe

ENSEMBLE = "\n[ensemble]\nseeds = [1, 2]\n\n[calibrate]\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def written(data, tmp_path_factory):
    """An ensemble of two, calibrated: valid in form, and no good as a model."""
    folder = tmp_path_factory.mktemp("work")
    return train(write_recipe(folder / "recipe", more=ENSEMBLE), data, folder / "out")


@pytest.fixture(scope="module")
def folds(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("work")
    return train(write_recipe(folder / "recipe", more="\n[ensemble]\nfolds = 2\n"), data, folder / "out")


def test_the_package_holds_what_a_package_holds(written):
    found = {path.name for path in written.folder.iterdir()}
    assert found == {
        *("model.toml", "model", "golden", "envelope.npz", "card.md", "recipe.toml", "SHA256SUMS"),
    }
    assert verify_checksums(written.folder) == written.digest
    assert {path.name for path in (written.folder / "model").iterdir()} == {"0", "1"}


def test_the_manifest_says_members_temperature_and_figures(written):
    manifest = read_manifest(written.folder)
    assert manifest.predict.members == 2
    assert 0.1 <= manifest.predict.temperature <= 20.0
    assert manifest.predict.temperature != 1.0
    evaluation = manifest.model.evaluation
    assert evaluation == dict(written.evaluation.figures)
    assert (evaluation["validation_patients"], evaluation["validation_images"]) == (2, 2)


def test_the_exported_members_are_the_best_networks_of_the_training(written):
    manifest = read_manifest(written.folder)
    predictor = load_predictor(written.folder / "model", manifest.io, manifest.predict)
    rough = written.folder.with_name("shades-1.2.3.training")
    image = np.random.default_rng(1).random((32, 32)).astype(np.float32)
    for number, given in enumerate(predictor.each_member(image)):
        (path,) = (rough / f"member-{number}").glob("checkpoint.npz")
        with np.load(path) as arrays:
            best = [arrays[f"best/{k}"] for k in range(sum(name.startswith("best/") for name in arrays))]
        network = unet(rows=32, columns=32, classes=2, base=2, depth=2)
        network.set_weights(best)
        expected = keras.ops.convert_to_numpy(network({"image": image[None, ..., None]})["probabilities"])
        np.testing.assert_allclose(given, expected[0], atol=1e-5)
        assert (rough / f"member-{number}" / "curves.png").is_file()


def test_members_of_seeds_are_not_the_same(written):
    manifest = read_manifest(written.folder)
    predictor = load_predictor(written.folder / "model", manifest.io, manifest.predict)
    first, second = predictor.each_member(np.random.default_rng(1).random((32, 32)).astype(np.float32))
    assert np.abs(first - second).max() > 1e-3


def test_the_golden_case_is_reproduced(written):
    manifest, case = read_manifest(written.folder), read_golden_case(written.folder)
    predictor = load_predictor(written.folder / "model", manifest.io, manifest.predict)
    assert reason_not_reproduced(case, *run_chain(case.pixels, manifest, predictor)) is None
    assert case.pixels.shape == (96, 80)  # a validation input, as nothing else was said


def test_the_envelope_knows_the_training_images(written):
    envelope = read_envelope(written.folder)
    assert envelope is not None
    assert (envelope.lowest < envelope.highest).all()


def test_members_of_folds_learn_from_other_patients_and_none_from_the_validation(folds, data):
    rough = folds.folder.with_name("shades-1.2.3.training")
    assert {path.name for path in rough.iterdir()} == {"member-0", "member-1"}
    assert read_manifest(folds.folder).predict.members == 2
    assert folds.evaluation.figures["validation_patients"] == 2


def test_the_same_command_again_learns_nothing_anew(data, tmp_path, capsys):
    path = write_recipe(tmp_path / "recipe")
    first = train(path, data, tmp_path / "out")
    first.folder.rename(tmp_path / "moved")
    capsys.readouterr()
    again = train(path, data, tmp_path / "out")
    assert "epoch" not in capsys.readouterr().out
    assert again.evaluation == first.evaluation


def test_a_package_is_never_written_over(written, data):
    path = write_recipe(written.folder.parent.parent / "recipe", more=ENSEMBLE)
    with pytest.raises(FileExistsError, match=r"move it away, or give model\.toml another version"):
        train(path, data, written.folder.parent)


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        ({"more": "\n[ensembel]\n"}, TrainingRefused, "did you mean 'ensemble'"),
        ({"recipe": RECIPE.replace('"unet"\nbase = 2\ndepth = 2', '"cnn"')}, TrainingRefused, "use unet"),
        ({"recipe": RECIPE.replace("depth = 2", "depth = 7")}, TrainingRefused, "cannot be halved 7 times"),
        ({"model": MODEL.replace("licence", "licens")}, PackageInvalid, "did you mean 'licence'"),
        (
            {
                "model": MODEL.replace(
                    '[[postprocess]]\nstep = "thr', '[predict]\nmembers = 3\n[[postprocess]]\nstep = "thr'
                ),
                "more": ENSEMBLE,
            },
            TrainingRefused,
            "members = 3, the recipe makes it 2",
        ),
    ],
)
def test_bad_input_is_told_and_no_package_appears(data, tmp_path, change, error, sentence):
    path = write_recipe(tmp_path / "recipe", **change)
    with pytest.raises(error, match=sentence):
        train(path, data, tmp_path / "out")
    assert not list((tmp_path / "out").glob("shades-1.2.3"))
    assert not list((tmp_path / "out").glob(".packing*"))


EARLY = {
    "golden": (
        {"more": '\n[golden]\nsource = "file"\nfile = "none.npz"\n'},
        r"\[golden\] file: .* is not there",
    ),
    "envelope": (
        {"more": '\n[envelope.data]\nkind = "images_and_table"\nlabel = "sexx"\nclasses = ["f", "m"]\n'},
        "has no column 'sexx'.* did you mean 'sex'",
    ),
    "start": (
        {"recipe": RECIPE.replace("depth = 2\n", 'depth = 2\n\n[network.start]\npackage = "none-1.0.0"\n')},
        r"\[network.start\] package: .*none-1.0.0 is not there",
    ),
    "name": ({"recipe": RECIPE.replace('"shades"', '"shadows"')}, r"\[recipe\] name is 'shadows'"),
    "facts": ({"recipe": RECIPE + 'by = ["age"]\n'}, r"\[evaluate\] by names 'age'"),
    "members": (
        {
            "model": MODEL.replace(
                '[[postprocess]]\nstep = "thr', '[predict]\nmembers = 3\n[[postprocess]]\nstep = "thr'
            )
        },
        "members = 3, the recipe makes it 1",
    ),
}
"""Mistakes of which learning itself knows nothing."""


@pytest.mark.parametrize(("change", "sentence"), EARLY.values(), ids=EARLY)
def test_a_mistake_is_told_before_anything_is_learnt(data, tmp_path, capsys, change, sentence):
    path = write_recipe(tmp_path / "recipe", **change)
    with pytest.raises(TrainingRefused, match=sentence):
        train(path, data, tmp_path / "out")
    assert "member 0" not in capsys.readouterr().out


def test_a_figure_that_the_card_cannot_have_is_told_before_anything_is_learnt(data, tmp_path, capsys):
    path = write_recipe(tmp_path / "recipe")
    (path.parent / "card.md").write_text("$dice_mean_low of $sex_f_dice_mean; $dice_maen", encoding="utf-8")
    with pytest.raises(TrainingRefused, match=r"names \$dice_maen, .*; did you mean 'dice_mean'\?"):
        train(path, data, tmp_path / "out")
    assert "member 0" not in capsys.readouterr().out


def test_a_place_where_nothing_can_be_written_is_told_before_the_data_is_read(tmp_path):
    path = write_recipe(tmp_path / "recipe")
    with pytest.raises(TrainingRefused, match=r"nothing can be written to .*model.toml/out"):
        train(path, tmp_path / "no data", path.parent / "model.toml" / "out")


def test_corrected_labels_are_another_training(data, tmp_path):
    own = shutil.copytree(data, tmp_path / "data")
    path = write_recipe(
        tmp_path / "recipe", recipe=RECIPE.replace("epochs = 2\nsteps = 4", "epochs = 1\nsteps = 1")
    )
    train(path, own, tmp_path / "out").folder.rename(tmp_path / "moved")
    (own / "labels.json").write_text(json.dumps(json.loads((own / "labels.json").read_text()), indent=1))
    with pytest.raises(TrainingRefused, match="of files that were changed since"):
        train(path, own, tmp_path / "out")
