from pathlib import Path

import pytest
from pydantic import TypeAdapter

import inference
from inference.errors import TrainingRefused
from inference.package.manifest import read_manifest
from inference.package.output import Finding, Output
from inference.train.agree import require_agreement
from inference.train.recipe.read import Recipe, read_recipe
from inference.train.sources.tables import DataTable
from tests.unit.inference.train.small_training import write_recipe

RECIPES = sorted((Path(inference.__file__).parent / "train" / "recipes").glob("*/[!m]*.toml"))


@pytest.fixture
def recipe(tmp_path):
    """A segmentation of Dark and Grey, of masks in files."""
    return read_recipe(write_recipe(tmp_path / "recipe"))


def changed(recipe, /, **tables):
    return Recipe.model_validate(recipe.model_dump() | tables)


def classes(manifest, *labels):
    """A classification with these findings, in channels 0, 1, …"""
    findings = [
        Finding(label=label, channel=k, concept="SCT.Lung", threshold=0.5, positive="there")
        for k, label in enumerate(labels)
    ]
    model = manifest.model.model_copy(update={"task": "classification"})
    return manifest.model_copy(update={"model": model, "output": Output(finding=findings)})


def data(**table):
    return TypeAdapter(DataTable).validate_python(table).model_dump(exclude_unset=True)


def told(recipe, manifest):
    with pytest.raises(TrainingRefused) as refusal:
        require_agreement(recipe, manifest)
    return str(refusal.value)


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_recipes_that_ship_agree_with_their_manifest(path):
    require_agreement(read_recipe(path), read_manifest(path.parent))


def test_the_name_is_that_of_the_package(recipe, manifest):
    require_agreement(recipe, manifest)
    other = changed(recipe, recipe={"name": "shadows"})
    assert told(other, manifest) == (
        "[recipe] name is 'shadows', model.toml's [model] name 'shades'; make them the same"
    )


def test_an_input_is_an_instance_or_a_series_in_both(recipe, manifest):
    segments = {"kind": "dicom_and_seg", "segments": ["Dark", "Grey"]}
    left_out = changed(recipe, data=data(**segments))
    assert told(left_out, manifest) == (
        "[data] each is 'series', as it is where it is left out; model.toml's [input] each is 'instance'. Make them "
        "the same"
    )
    said = changed(recipe, data=data(**segments, each="instance"))
    require_agreement(said, manifest)
    series = manifest.model_copy(update={"input": manifest.input.model_copy(update={"each": "series"})})
    assert "[data] each is 'instance'; model.toml's [input] each is 'series'" in told(said, series)
    beside = changed(recipe, envelope={"data": data(**segments, each="series")})
    assert "[envelope.data] each is 'series'; model.toml's" in told(beside, manifest)


@pytest.mark.parametrize(
    "table",
    [
        {"kind": "dicom_and_seg", "each": "instance", "segments": ["grey", "DARK"]},
        {"kind": "images_and_masks", "segment": [{"mask": "grey"}, {"mask": "dark"}]},
    ],
)
def test_segments_are_in_the_order_of_the_manifest(recipe, manifest, table):
    sentence = told(changed(recipe, data=data(**table)), manifest)
    assert sentence.startswith(
        "[data] has 'grey' as number 0, model.toml as number 1 (counted from 0); name what is"
    )


def test_classes_are_in_the_order_of_the_manifest(recipe, manifest):
    def asked(*names):
        table = data(kind="images_and_table", label="view", classes=names)
        return changed(recipe, network={"kind": "cnn"}, data=table)

    projections = classes(manifest, "AP", "PA")
    require_agreement(asked("ap", "pa"), projections)
    require_agreement(asked("lying", "upright"), projections)
    assert "[data] has 'pa' as number 0, model.toml as number 1" in told(asked("pa", "ap"), projections)


@pytest.mark.parametrize(
    "loss",
    [
        {"kind": "cross_entropy", "class_weights": [1.0, 2.0, 3.0]},
        {"kind": "focal", "class_weights": [1.0, 2.0, 3.0]},
        {
            "kind": "combination",
            "parts": [{"kind": "dice"}, {"kind": "cross_entropy", "class_weights": [1.0, 2.0, 3.0]}],
        },
    ],
)
def test_there_is_a_weight_for_each_class(recipe, manifest, loss):
    assert told(changed(recipe, loss=loss), manifest) == (
        "[loss] class_weights are 3, but model.toml's network has 2 channels; give one each, in their order"
    )
    require_agreement(changed(recipe, loss={"kind": "focal", "class_weights": [1.0, 2.0]}), manifest)


@pytest.mark.parametrize("pair", [[0, 2], [-1, 0]])
def test_only_segments_that_there_are_change_places(recipe, manifest, pair):
    other = changed(recipe, augment=[{"step": "flip", "swap": [[0, 1], pair]}])
    assert told(other, manifest) == (
        f"[[augment]] flip swap names {pair}, but model.toml has 2 segments, numbered from 0 to 1; name two of them"
    )


def test_only_classes_that_there_are_change_places(recipe, manifest):
    three = classes(manifest, "A", "B", "C")
    table = data(kind="images_and_table", label="view", classes=["a", "b", "c"])
    other = changed(recipe, network={"kind": "cnn"}, data=table)
    require_agreement(changed(other, augment=[{"step": "flip", "swap": [[0, 2]]}]), three)
    assert "has 3 classes, numbered from 0 to 2" in told(
        changed(other, augment=[{"step": "flip", "swap": [[0, 3]]}]), three
    )


def test_what_training_finds_is_not_said_before_it(recipe, manifest):
    def predicting(**said):
        return manifest.model_copy(update={"predict": type(manifest.predict)(**said)})

    several = changed(recipe, ensemble={"seeds": [0, 1]})
    require_agreement(several, manifest)
    require_agreement(several, predicting(members=2))
    assert "members = 3, the recipe makes it 2; leave it out there" in told(several, predicting(members=3))
    assert "members = 3, the recipe makes it 1" in told(recipe, predicting(members=3))
    require_agreement(recipe, predicting(temperature=1.5))
    calibrated = changed(recipe, calibrate={})
    assert "says [predict] temperature, and [calibrate]" in told(calibrated, predicting(temperature=1.5))
