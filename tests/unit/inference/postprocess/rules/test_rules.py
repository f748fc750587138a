from typing import get_args

import numpy as np

from inference.package.rules import Excludes, Inside, MeanBetween, NumberOfParts, Rule, VolumeBetween
from inference.postprocess.rules import RULES, Firing, judge_image, judge_volume

NAMES = ("Organ", "Tumour")


def test_every_rule_of_the_manifest_has_its_function():
    vocabulary = [get_args(table.model_fields["rule"].annotation)[0] for table in get_args(get_args(Rule)[0])]
    assert vocabulary == list(RULES)


def _judge(labels, body, affine, *rules):
    return judge_volume(labels, rules, names=NAMES, voxels=body, affine=affine)


def test_what_is_flagged_stays(labels, body, affine):
    after, firings = _judge(labels, body, affine, Inside(rule="inside", segment="Tumour", others=["Organ"]))
    assert after is labels
    assert [(f.rule, f.segment, f.action) for f in firings] == [("inside", "Tumour", "flag")]


def test_what_is_removed_goes_and_nothing_else(labels, body, affine):
    before = labels.copy()
    rule = Inside(rule="inside", segment="Tumour", others=["Organ"], on_breach="remove")
    after, (firing,) = _judge(labels, body, affine, rule)
    assert (
        np.argwhere(after != before).tolist()
        == np.argwhere((before == 2) & (np.indices(before.shape)[0] == 6)).tolist()
    )
    assert np.array_equal(labels, before)
    assert firing.action == "remove"
    assert firing.sentence.endswith("less than 50% of the surface borders it; removed")


def test_each_rule_judges_what_those_before_it_left(labels, body, affine):
    one = NumberOfParts(rule="number_of_parts", segment="Tumour", at_most=1, on_breach="remove")
    bright = MeanBetween(rule="mean_between", segment="Tumour", at_least=200)
    assert [f.rule for f in _judge(labels, body, affine, one, bright)[1]] == ["number_of_parts"]
    assert [f.rule for f in _judge(labels, body, affine, bright, one)[1]] == [
        "mean_between",
        "number_of_parts",
    ]


def test_what_removes_nothing_only_flags(labels, body, affine):
    rule = NumberOfParts(rule="number_of_parts", segment="Tumour", at_least=5, on_breach="remove")
    after, firings = _judge(labels, body, affine, rule)
    assert after is labels
    assert firings == (
        Firing(
            rule="number_of_parts",
            segment="Tumour",
            sentence="2 parts of Tumour were found, expected at least 5",
            action="flag",
        ),
    )


def test_a_whole_segment_can_go(labels, body, affine):
    rule = VolumeBetween(rule="volume_between", segment="Organ", at_most_ml=1, on_breach="remove")
    after, _ = _judge(labels, body, affine, rule)
    assert sorted(np.unique(after).tolist()) == [0, 2]


def test_rules_that_hold_leave_no_trace(labels, body, affine):
    rule = NumberOfParts(rule="number_of_parts", segment="Tumour", at_most=2)
    assert _judge(labels, body, affine, rule) == (labels, ())
    assert _judge(labels, body, affine) == (labels, ())


def test_of_an_image_only_the_segments_own_layer_changes():
    layers = np.zeros((4, 8, 2), np.uint8)
    layers[:, :5, 0] = layers[:, 3:, 1] = 1
    before = layers.copy()
    rule = Excludes(rule="excludes", segment="Tumour", other="Organ", on_breach="remove")
    image = np.zeros((4, 8), np.float32)
    after, (firing,) = judge_image(layers, [rule], names=NAMES, pixels=image, pixel_mm2=None)
    assert firing.sentence == "Tumour (20 pixels): touches Organ; removed"
    assert not after[..., 1].any()
    assert np.array_equal(after[..., 0], before[..., 0])
    assert np.array_equal(layers, before)
    assert judge_image(layers, [], names=NAMES, pixels=image, pixel_mm2=None) == (layers, ())
