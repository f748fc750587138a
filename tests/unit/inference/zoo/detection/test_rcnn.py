from dataclasses import replace

import numpy as np

from inference.zoo.detection.rcnn import assemble
from inference.zoo.detection.stages import stages


def _assembled(design, with_masks):
    backbone = stages(rows=64, columns=64, channels=1, base=4, strides=design.strides)
    return assemble(design, backbone, with_masks=with_masks, name="detector")


def test_the_parts_hold_the_weights_of_the_whole(small_design):
    rcnn = _assembled(small_design, with_masks=True)
    parts = [rcnn.first_stage, rcnn.box_head, rcnn.mask_head]
    assert {id(v) for part in parts for v in part.variables} == {id(v) for v in rcnn.network.variables}


def test_there_is_a_mask_head_only_where_it_is_asked_for(small_design):
    plain, masked = (_assembled(small_design, with_masks) for with_masks in (False, True))
    assert plain.mask_head is None
    assert "masks" not in plain.network.output
    assert masked.network.count_params() - plain.network.count_params() == masked.mask_head.count_params()


def test_the_first_stage_speaks_of_every_anchor(small_design):
    first = _assembled(small_design, with_masks=False).first_stage(np.zeros((2, 64, 64, 1), np.float32))
    count = len(small_design.anchors)
    assert first["objectness"].shape == (2, count)
    assert first["codes"].shape == (2, count, 4)
    assert [level.shape[1] for level in first["levels"]] == [16, 8]


def test_the_mask_is_that_of_the_box_s_own_class(small_design):
    rcnn = _assembled(small_design, with_masks=True)
    last = rcnn.mask_head.layers[-1]
    kernel, _ = last.get_weights()
    last.set_weights([np.zeros_like(kernel), np.array([-2.0, 3.0])])
    # All proposals are taken for the second class.
    (logits,) = (layer for layer in rcnn.box_head.layers if getattr(layer, "units", None) == 3)
    logits.set_weights([np.zeros_like(logits.get_weights()[0]), np.array([0.0, 5.0, 0.0])])
    said = rcnn.network({"image": np.random.default_rng(0).normal(size=(1, 64, 64, 1)).astype(np.float32)})
    assert int(said["valid"][0]) > 0
    assert int(said["classes"][0, 0]) == 1
    np.testing.assert_allclose(said["masks"][0, 0], 1 / (1 + np.exp(-3.0)), rtol=1e-4)


def test_weights_come_back_from_a_file_whole(small_design, tmp_path):
    taught, fresh = (_assembled(small_design, with_masks=True).network for _ in range(2))
    taught.save_weights(tmp_path / "taught.weights.h5")
    for variable in fresh.variables:
        variable.assign(np.full(variable.shape, np.nan, np.float32))
    fresh.load_weights(tmp_path / "taught.weights.h5")
    for wanted, found in zip(taught.variables, fresh.variables, strict=True):
        np.testing.assert_array_equal(wanted, found)


def test_one_level_will_do(small_design):
    one = replace(small_design, strides=(8,))
    said = _assembled(one, with_masks=True).network({"image": np.zeros((1, 64, 64, 1), np.float32)})
    assert said["masks"].shape == (1, 8, 28, 28)


def test_images_do_not_see_each_other(small_design):
    rcnn = _assembled(small_design, with_masks=True)
    images = np.random.default_rng(1).normal(size=(3, 64, 64, 1)).astype(np.float32)
    together, alone = rcnn.network({"image": images}), rcnn.network({"image": images[1:2]})
    for name in together:
        np.testing.assert_allclose(together[name][1:2], alone[name], atol=1e-3)
