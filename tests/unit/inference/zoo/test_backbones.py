import h5py
import numpy as np
import pytest

from inference.zoo.backbones import BACKBONES, feature_backbone

GREYS = np.random.default_rng(0).random((1, 64, 64, 1)).astype(np.float32)


@pytest.mark.parametrize("name", sorted(BACKBONES))
def test_every_backbone_gives_the_grids_that_are_asked_for(name):
    backbone = feature_backbone(name, rows=64, columns=96, strides=(4, 8, 16, 32))
    assert [tuple(grid.shape[1:3]) for grid in backbone.outputs] == [(16, 24), (8, 12), (4, 6), (2, 3)]
    assert backbone.name == "backbone"


def test_features_are_those_after_a_whole_stage():
    body = feature_backbone("ResNet50", rows=64, columns=64, strides=(8, 32)).get_layer("ResNet50")
    names = [step.name for step in body.operations if any(step.output is output for output in body.outputs)]
    assert names == ["conv3_block4_out", "conv5_block3_out"]


def test_greys_become_what_the_network_was_taught_on():
    given = []
    backbone = feature_backbone("MobileNetV2", rows=64, columns=64)
    body = backbone.get_layer("MobileNetV2")
    original = body.call
    body.call = lambda inputs, *rest, **more: (given.append(inputs), original(inputs, *rest, **more))[1]
    backbone(np.stack([np.zeros((64, 64, 1)), np.ones((64, 64, 1))]).astype(np.float32))
    (prepared,) = given
    assert prepared.shape == (2, 64, 64, 3)
    assert np.allclose(prepared[0], -1.0)
    assert np.allclose(prepared[1], 1.0)


@pytest.mark.parametrize("ending", [".weights.h5", ".h5"])
def test_weights_come_from_a_file(tmp_path, ending):
    taught = BACKBONES["MobileNetV3Small"].build(include_top=False, weights=None, input_shape=(96, 96, 3))
    file = tmp_path / f"taught{ending}"
    taught.save_weights(file) if ending == ".weights.h5" else taught.save(file)
    first, second, chance = (
        feature_backbone("MobileNetV3Small", rows=64, columns=64, weights=weights)(GREYS)
        for weights in (file, file, None)
    )
    np.testing.assert_array_equal(first, second)
    # What has learnt nothing gives values near 1e-10: only the relative difference tells.
    assert not np.allclose(first, chance, rtol=1e-3, atol=0.0)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"imagenet\.h5 is not there; fetch the weights of VGG16"):
        feature_backbone("VGG16", rows=64, columns=64, weights=tmp_path / "imagenet.h5")


@pytest.mark.filterwarnings("ignore:Skipping nested container")
def test_a_file_with_some_of_the_weights_is_refused(tmp_path):
    whole = BACKBONES["VGG16"].build(include_top=False, weights=None, input_shape=(64, 64, 3))
    file = tmp_path / "some.weights.h5"
    whole.save_weights(file)
    with h5py.File(file, "a") as stored:
        del stored["layers/conv2d_12"]
    with pytest.raises(ValueError, match="does not hold the weights of VGG16"):
        feature_backbone("VGG16", rows=64, columns=64, weights=file)


@pytest.mark.filterwarnings("ignore:Skipping nested container")
@pytest.mark.parametrize("ending", [".weights.h5", ".h5"])
def test_weights_of_another_network_are_refused(tmp_path, ending):
    other = BACKBONES["MobileNetV2"].build(include_top=False, weights=None, input_shape=(64, 64, 3))
    file = tmp_path / f"other{ending}"
    other.save_weights(file) if ending == ".weights.h5" else other.save(file)
    with pytest.raises(ValueError, match="does not hold the weights of MobileNetV3Small"):
        feature_backbone("MobileNetV3Small", rows=64, columns=64, weights=file)


def test_a_file_that_holds_no_weights_is_refused(tmp_path):
    file = tmp_path / "page.h5"
    file.write_text("<html>not found</html>")
    with pytest.raises(ValueError, match="does not hold the weights"):
        feature_backbone("MobileNetV3Small", rows=64, columns=64, weights=file)


def test_a_name_that_is_unknown_brings_those_that_are_known():
    with pytest.raises(ValueError, match=r"'ResNet51' is no backbone; choose one of .*ResNet50,"):
        feature_backbone("ResNet51", rows=64, columns=64)


@pytest.mark.parametrize(("rows", "columns"), [(32, 64), (64, 100)])
def test_a_size_that_does_not_fit_is_refused(rows, columns):
    with pytest.raises(ValueError, match="use multiples of 32 from 64 on"):
        feature_backbone("VGG16", rows=rows, columns=columns)


def test_two_channels_are_refused():
    with pytest.raises(ValueError, match="1 or 3 channels, not 2"):
        feature_backbone("VGG16", rows=64, columns=64, channels=2)


def test_a_stride_beyond_the_network_is_refused():
    with pytest.raises(ValueError, match="no features on a grid of 1 x 1"):
        feature_backbone("VGG16", rows=64, columns=64, strides=(32, 64))
