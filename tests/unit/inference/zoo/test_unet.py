from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

import inference
from inference.package.manifest import read_manifest
from inference.predict.temperature import soften
from inference.preprocess import preprocess
from inference.preprocess.field import Field
from inference.zoo.unet import unet

SHIPPED = Path(inference.__file__).parent / "models" / "cxr_lungs-1.1.0"


@pytest.mark.parametrize(("base", "parameters"), [(64, 31_030_593), (16, 1_940_817)])
def test_width_gives_the_parameters_of_the_paper(base, parameters):
    assert unet(base=base).count_params() == parameters


def test_input_and_output_have_their_names_and_shapes():
    network = unet(rows=32, columns=64, channels=2, classes=3, base=2, depth=2)
    assert set(network.input) == {"image"}
    assert set(network.output) == {"probabilities"}
    assert network.input["image"].shape == (None, 32, 64, 2)
    assert network.output["probabilities"].shape == (None, 32, 64, 3)


@pytest.mark.parametrize("normalisation", [None, "group"])
def test_output_is_a_probability_for_each_pixel(normalisation):
    network = unet(rows=32, columns=32, base=4, depth=2, normalisation=normalisation, dropout=0.2)
    images = np.random.default_rng(0).normal(0.0, 50.0, (2, 32, 32, 1)).astype(np.float32)
    probabilities = network({"image": images})["probabilities"].numpy()
    assert probabilities.shape == (2, 32, 32, 1)
    assert probabilities.min() >= 0.0
    assert probabilities.max() <= 1.0
    assert probabilities.std() > 0.0


def test_group_normalisation_adds_two_parameters_for_each_filter():
    plain, normalised = (unet(rows=32, columns=32, base=4, depth=1, normalisation=n) for n in (None, "group"))
    assert normalised.count_params() - plain.count_params() == 2 * (4 + 4 + 8 + 8 + 4 + 4)


def test_batch_does_not_change_an_image_with_group_normalisation():
    network = unet(rows=32, columns=32, base=4, depth=2, normalisation="group")
    images = np.random.default_rng(1).random((3, 32, 32, 1)).astype(np.float32)
    together = network({"image": images})["probabilities"].numpy()
    alone = network({"image": images[1:2]})["probabilities"].numpy()
    np.testing.assert_allclose(together[1:2], alone, atol=1e-5)


def test_size_that_cannot_be_halved_is_refused():
    with pytest.raises(ValueError, match="multiples of 16"):
        unet(rows=250, columns=256)


def test_volumes_have_kernels_of_three_dimensions():
    network = unet(slices=8, rows=16, columns=32, channels=2, classes=3, base=4, depth=2)
    assert network.input["image"].shape == (None, 8, 16, 32, 2)
    assert network.output["probabilities"].shape == (None, 8, 16, 32, 3)
    assert network.count_params() == _parameters(2, 3, base=4, depth=2, dimensions=3)


def test_the_paper_s_figure_follows_from_the_same_count():
    assert _parameters(1, 1, base=64, depth=4, dimensions=2) == 31_030_593


@pytest.mark.parametrize("depth", [1, 3, 5])
def test_any_depth(depth):
    network = unet(rows=32, columns=32, base=2, depth=depth)
    assert network.count_params() == _parameters(1, 1, base=2, depth=depth, dimensions=2)


@pytest.mark.parametrize("slices", [None, 4])
def test_with_a_softmax_the_classes_of_a_voxel_sum_to_one(slices):
    network = unet(slices=slices, rows=8, columns=8, classes=3, base=2, depth=2, activation="softmax")
    shape = network.input["image"].shape[1:]
    images = np.random.default_rng(2).normal(0.0, 5.0, (2, *shape)).astype(np.float32)
    probabilities = network({"image": images})["probabilities"].numpy()
    np.testing.assert_allclose(probabilities.sum(axis=-1), 1.0, atol=1e-5)
    assert probabilities.std() > 0.0


def test_slices_that_cannot_be_halved_are_refused():
    with pytest.raises(ValueError, match="10 x 16 x 16 cannot be halved 2 times"):
        unet(slices=10, rows=16, columns=16, depth=2)


def test_a_softmax_of_one_class_is_refused():
    with pytest.raises(ValueError, match="add the background"):
        unet(activation="softmax")


@pytest.mark.parametrize("wrong", [{"depth": 0}, {"base": 0}, {"classes": 0}])
def test_nothing_to_build_is_refused(wrong):
    with pytest.raises(ValueError, match="at least 1"):
        unet(**wrong)


def test_shipped_weights_give_the_shipped_answer():
    manifest = read_manifest(SHIPPED)
    network = unet(base=16)
    stored = tf.train.load_checkpoint(str(SHIPPED / "model" / "variables" / "variables"))
    names = [f"weights/{number}/.ATTRIBUTES/VARIABLE_VALUE" for number in range(len(network.variables))]
    network.set_weights([stored.get_tensor(name) for name in names])
    with np.load(SHIPPED / "golden" / "case.npz") as case:
        field, _ = preprocess(Field(values=case["pixels"], affine=None), manifest.preprocess)
        probabilities = network({"image": field.values[None, ..., None]})["probabilities"].numpy()[0]
        soften(probabilities, manifest.predict.temperature, manifest.predict.activation)
        # The case keeps them in half precision.
        np.testing.assert_allclose(probabilities, case["probabilities"], atol=5e-4)


def _parameters(channels, classes, *, base, depth, dimensions):
    """Two convolutions on each level down, at the bottom and on each level up; a transposed one to come up."""
    kernel, double = 3**dimensions, 2**dimensions
    widths = [base * 2**level for level in range(depth + 1)]
    comes_in = [channels, *widths[:-1]]
    down = sum((kernel * i + 1) * o + (kernel * o + 1) * o for i, o in zip(comes_in, widths, strict=True))
    up = sum((double * 2 * w + 1) * w + (kernel * 2 * w + 1) * w + (kernel * w + 1) * w for w in widths[:-1])
    return down + up + (base + 1) * classes
