import pytest

from inference.package.dimensions import of_the_other

OF_A_VOLUME = {
    "preprocess": [{"step": "window"}, {"step": "orient"}, {"step": "resample"}],
    "postprocess": [{"step": "threshold"}, {"step": "components", "smallest_mm3": 5}],
    "rule": [{"rule": "on_side"}, {"rule": "volume_between"}],
    "output": {"measurement": [{"kind": "mean"}, {"kind": "volume"}, {"kind": "longest_diameter_3d"}]},
}
OF_AN_IMAGE = {
    "preprocess": [{"step": "pad"}],
    "postprocess": [{"step": "components", "smallest_mm2": 5}],
    "rule": [{"rule": "inside"}, {"rule": "area_between"}],
    "output": {"measurement": [{"kind": "area"}]},
}


def _places(tables, each):
    return {".".join(map(str, place)) for place, _ in of_the_other(tables, each)}


def test_what_is_for_volumes_is_no_part_of_a_package_for_images():
    assert _places(OF_A_VOLUME, "instance") == {
        "preprocess.1.step",
        "preprocess.2.step",
        "postprocess.1.smallest_mm3",
        "rule.0.rule",
        "rule.1.rule",
        "output.measurement.1.kind",
        "output.measurement.2.kind",
    }


def test_nor_the_other_way_round():
    assert _places(OF_AN_IMAGE, "series") == {
        "postprocess.0.smallest_mm2",
        "rule.1.rule",
        "output.measurement.0.kind",
    }


def test_each_may_have_its_own():
    assert _places(OF_A_VOLUME, "series") == _places(OF_AN_IMAGE, "instance") == set()


def test_the_sentence_says_why():
    said = dict(of_the_other(OF_AN_IMAGE, "series"))
    assert said["rule", 1, "rule"] == (
        "is 'area_between', which is for images; [input] each = \"series\" reads volumes"
    )
    assert said["postprocess", 0, "smallest_mm2"] == 'is for images; of a volume it is "smallest_mm3"'


@pytest.mark.parametrize(
    "tables", [{"rule": 5}, {"output": []}, {"rule": [7]}, {"output": {"measurement": "x"}}]
)
@pytest.mark.parametrize("each", ["instance", "series", None, 3])
def test_what_is_no_table_is_anothers_mistake(tables, each):
    assert _places(tables, each) == set()
