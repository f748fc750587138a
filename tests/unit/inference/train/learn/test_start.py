import keras
import numpy as np
import pytest

from inference.errors import PackageInvalid, TrainingRefused
from inference.package.checksums import seal
from inference.package.manifest import read_manifest
from inference.train.export import export
from inference.train.learn.start import begin, weights_of_package
from inference.train.recipe.network import Start
from inference.zoo.unet import unet
from tests.model_package import build_package


def small(classes=2, base=2):
    return unet(rows=16, columns=16, classes=classes, base=base, depth=1)


@pytest.fixture(scope="module")
def learnt(tmp_path_factory):
    """A package whose network is a small one of the zoo, with its weights."""
    folder = build_package(tmp_path_factory.mktemp("packages") / "shades-1.2.3")
    keras.utils.set_random_seed(3)
    network = small()
    for place in sorted((folder / "model").rglob("*"), reverse=True):
        place.unlink() if place.is_file() else place.rmdir()
    (folder / "model").rmdir()
    export(network, folder / "model", read_manifest(folder).io)
    seal(folder)
    return folder, network.get_weights()


def test_a_network_takes_the_weights_of_a_package(learnt):
    folder, weights = learnt
    network = small()
    begin(network, Start(package=folder.name), folder.parent)
    for value, expected in zip(network.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(value, expected)


def test_with_a_new_head_all_but_the_last_layer_are_taken(learnt):
    folder, weights = learnt
    network = small(classes=5)
    head = network.get_weights()[-2]
    begin(network, Start(package=folder.name, new_head=True), folder.parent)
    for value, expected in zip(network.get_weights()[:-2], weights[:-2], strict=True):
        np.testing.assert_array_equal(value, expected)
    np.testing.assert_array_equal(network.get_weights()[-2], head)


@pytest.mark.parametrize(("classes", "base"), [(5, 2), (2, 4)])
def test_another_network_is_refused_with_its_measures(learnt, classes, base):
    folder, _ = learnt
    with pytest.raises(TrainingRefused, match=r"network is another: \d+ arrays with \d+ numbers, here"):
        begin(small(classes, base), Start(package=folder.name), folder.parent)


def test_a_member_that_is_not_there_is_told(learnt):
    with pytest.raises(TrainingRefused, match=r"has 1 members, from 0; \[network.start\] member = 1"):
        weights_of_package(learnt[0], 1)


def test_a_package_that_is_not_there_is_told_by_its_key(tmp_path):
    sentence = r"\[network.start\] package: .*absent-1.0.0 is not there; name the folder of a model package"
    with pytest.raises(TrainingRefused, match=sentence):
        begin(small(), Start(package="absent-1.0.0"), tmp_path)


def test_a_package_that_was_changed_is_not_loaded(learnt, tmp_path):
    folder = build_package(tmp_path / "shades-1.2.3")
    (folder / "card.md").write_text("changed")
    with pytest.raises(PackageInvalid):
        weights_of_package(folder, 0)


def test_a_network_takes_a_weights_file(tmp_path):
    first, second = small(), small()
    first.save_weights(tmp_path / "first.weights.h5")
    begin(second, Start(weights="first.weights.h5"), tmp_path)
    for value, expected in zip(second.get_weights(), first.get_weights(), strict=True):
        np.testing.assert_array_equal(value, expected)


def test_weights_that_are_not_there_or_do_not_fit_are_told(tmp_path):
    with pytest.raises(
        TrainingRefused, match=r"\[network.start\] weights: .*none.weights.h5 is not there; name"
    ):
        begin(small(), Start(weights="none.weights.h5"), tmp_path)
    small(base=4).save_weights(tmp_path / "wide.weights.h5")
    with pytest.raises(TrainingRefused, match="does not hold the weights of this network"):
        begin(small(), Start(weights="wide.weights.h5"), tmp_path)


def test_parts_are_frozen_and_a_name_that_is_none_is_told():
    network = small()
    name = network.layers[1].name
    begin(network, Start(freeze=(name,)), None)
    assert not network.layers[1].trainable
    assert network.layers[-1].trainable
    with pytest.raises(TrainingRefused, match=r"\[network.start\] freeze: the network has no part 'head'"):
        begin(small(), Start(freeze=("head",)), None)


def test_a_layer_to_unfreeze_from_is_asked_for_before_anything_is_learnt():
    network = small()
    first, *_, last = (layer.name for layer in network.layers[1:])
    start = Start(freeze=(first,), unfreeze_at_epoch=2, unfreeze_from="deep")
    sentence = rf"\[network.start\] unfreeze_from: '{first}' has no layer 'deep'; its last are {first}"
    with pytest.raises(TrainingRefused, match=sentence):
        begin(network, start, None)
    begin(network, Start(freeze=(first,), unfreeze_at_epoch=2, unfreeze_from=first), None)
    assert [network.get_layer(name).trainable for name in (first, last)] == [False, True]


def test_a_network_of_which_nothing_is_left_to_learn_is_told():
    with pytest.raises(TrainingRefused, match=r"freeze: of unet nothing is left to learn; freeze less"):
        begin(small(), Start(freeze=("unet",)), None)
