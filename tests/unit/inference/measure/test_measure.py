from typing import get_args

import numpy as np
import pytest

from inference.errors import PackageInvalid
from inference.measure import KINDS, measure_image, measure_volume
from inference.package.output import UNITS, Kind, Measurement
from inference.volume.spacing import Spacing

NAMES = ("Organ", "Tumour")
AFFINE = np.diag([3.0, 0.5, 0.5, 1.0])


def _declared(kind, unit):
    return Measurement(kind=kind, code="SCT.Volume", unit=unit)


def _volume(*declared):
    labels = np.zeros((4, 10, 10), np.uint8)
    labels[1:3, 2:6, 2:7] = 1
    voxels = np.where(labels == 1, 40, -1000).astype(np.float32)
    return measure_volume(labels, declared, names=NAMES, voxels=voxels, affine=AFFINE)


def _image(*declared, spacing):
    layers = np.zeros((10, 10, 2), np.uint8)
    layers[2:5, 2:6, 0] = layers[4, 4, 1] = 1
    pixels = np.full((10, 10), 7, np.float32)
    return measure_image(layers, declared, names=NAMES, pixels=pixels, spacing=spacing)


def test_every_kind_has_its_function_and_its_units():
    assert list(KINDS) == list(UNITS) == list(get_args(Kind))


def test_each_segment_is_measured_in_the_order_declared():
    found = _volume(_declared("count", "1"), _declared("mean", "[hnsf'U]"), _declared("volume", "mm3"))
    assert [(each.segment, each.kind, each.unit) for each in found] == [
        ("Organ", "count", "1"),
        ("Organ", "mean", "[hnsf'U]"),
        ("Organ", "volume", "mm3"),
        ("Tumour", "count", "1"),
        ("Tumour", "volume", "mm3"),
    ]
    assert [each.value for each in found] == pytest.approx([1, 40, 30, 0, 0])


@pytest.mark.parametrize(
    ("kind", "unit", "value"),
    [
        ("volume", "mm3", 30),
        ("volume", "cm3", 0.03),
        ("volume", "mL", 0.03),
        ("longest_diameter", "mm", np.hypot(2, 2.5)),
        ("longest_diameter", "cm", np.hypot(2, 2.5) / 10),
        ("longest_diameter_3d", "mm", np.sqrt(36 + 4 + 6.25)),
        ("standard_deviation", "[hnsf'U]", 0),
    ],
)
def test_the_value_is_in_the_declared_unit(kind, unit, value):
    found = _volume(_declared(kind, unit))[0]
    assert (found.value, found.unit) == (pytest.approx(value), unit)


@pytest.mark.parametrize(
    ("kind", "unit", "value"),
    [("area", "mm2", 1.5), ("area", "cm2", 0.015), ("longest_diameter", "mm", np.hypot(1.5, 1))],
)
def test_an_image_is_measured_by_its_spacing(kind, unit, value):
    spacing = Spacing(between_rows_mm=0.5, between_columns_mm=0.25, plane="detector")
    found = _image(_declared(kind, unit), spacing=spacing)[0]
    assert (found.value, found.unit) == (pytest.approx(value), unit)


def test_without_spacing_lengths_are_pixels_and_greys_stay_what_they_are():
    declared = (_declared("area", "cm2"), _declared("longest_diameter", "cm"), _declared("mean", "[arb'U]"))
    found = _image(*declared, spacing=None)[:3]
    assert [each.unit for each in found] == ["{pixels}", "{pixels}", "[arb'U]"]
    assert [each.value for each in found] == pytest.approx([12, 5, 7])


def test_segments_of_an_image_may_overlap():
    found = _image(_declared("area", "mm2"), spacing=None)
    assert [each.value for each in found] == [12, 1]


def test_what_cannot_be_measured_is_a_mistake_of_the_package():
    with pytest.raises(PackageInvalid, match="'area', but the package reads volumes"):
        _volume(_declared("area", "mm2"))
    with pytest.raises(PackageInvalid, match="'volume', but the package reads images"):
        _image(_declared("volume", "mL"), spacing=None)


def test_nothing_declared_is_nothing_measured():
    assert _volume() == _image(spacing=None) == ()
