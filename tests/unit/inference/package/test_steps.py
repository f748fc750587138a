import pytest
from pydantic import ValidationError

from inference.package.steps import Clip, Components, Orient, Pad, Resample, Rescale, ZScore


def _mistake(table, **keys):
    with pytest.raises(ValidationError) as caught:
        table(**keys)
    return str(caught.value)


@pytest.mark.parametrize("to", ["LPS", "RAS", "SAR", "IPL"])
def test_an_orientation_names_each_axis_once(to):
    assert Orient(step="orient", to=to).to == to


@pytest.mark.parametrize("to", ["LPP", "LRS", "LP", "LPSS", "lps", "HFL", ""])
def test_any_other_is_a_mistake_that_says_what_to_write(to):
    assert "one of L or R, one of A or P, one of I or S, such as LPS" in _mistake(
        Orient, step="orient", to=to
    )


@pytest.mark.parametrize(
    ("table", "keys", "sentence"),
    [
        (Resample, {"step": "resample"}, "changes nothing; give between_slices_mm"),
        (Clip, {"step": "clip"}, "limits nothing; give at_least"),
        (Clip, {"step": "clip", "at_least": 2, "at_most": 1}, "at_least 2 lies above at_most 1"),
        (Rescale, {"step": "rescale", "scale": 0}, "would make every voxel the same"),
        (ZScore, {"step": "z_score", "over": "fixed", "mean": 1}, "both and only then"),
        (ZScore, {"step": "z_score", "mean": 1, "standard_deviation": 2}, "both and only then"),
        (Components, {"step": "components"}, "removes nothing; give keep_largest"),
    ],
)
def test_a_step_that_does_nothing_or_two_things_is_a_mistake(table, keys, sentence):
    assert sentence in _mistake(table, **keys)


@pytest.mark.parametrize(
    "keys",
    [
        {"to": "multiple"},
        {"to": "size"},
        {"to": "square", "multiple": 8},
        {"to": "square", "rows": 8},
        {"to": "multiple", "multiple": 8, "rows": 8},
        {"to": "size", "rows": 8, "multiple": 8},
    ],
)
def test_padding_needs_the_size_that_goes_with_it(keys):
    assert 'to = "multiple" needs multiple' in _mistake(Pad, step="pad", **keys)


def test_what_is_whole_is_taken():
    assert Pad(step="pad", to="size", rows=8).rows == 8
    assert Resample(step="resample", between_rows_mm=1).between_slices_mm is None
    assert ZScore(step="z_score", over="fixed", mean=0, standard_deviation=1).mean == 0
    assert Components(step="components", smallest_mm3=5).keep_largest is None
