import numpy as np
import pytest

from inference.gate.grid import plane_of, reasons_of_grid
from inference.package.declared import Range
from inference.package.gate import Gate

AXIAL = np.array([[0, 0, 0.7, 0], [0, 0.8, 0, 0], [2.5, 0, 0, 0], [0, 0, 0, 1]])
SHAPE = (40, 512, 512)


def test_nothing_declared_refuses_nothing():
    assert reasons_of_grid(SHAPE, AXIAL, Gate()) == ()


@pytest.mark.parametrize(
    ("gate", "reason"),
    [
        (Gate(slices=Range(at_least=41)), "the series has 40 slices, the model reads at least 41"),
        (Gate(slices=Range(at_most=39)), "the series has 40 slices, the model reads at most 39"),
        (
            Gate(slice_spacing_mm=Range(at_most=2)),
            "its slices lie 2.5 mm apart, the model reads at most 2",
        ),
        (
            Gate(pixel_spacing_mm=Range(at_least=0.75)),
            "its pixels lie 0.7 mm apart, the model reads at least 0.75",
        ),
        (
            Gate(planes=["sagittal", "coronal"]),
            "the slices are axial, the model reads sagittal or coronal",
        ),
        (Gate(smallest_columns=600), "the slices are 512 x 512, smaller than 1 x 600"),
    ],
)
def test_each_limit_is_a_sentence(gate, reason):
    assert reasons_of_grid(SHAPE, AXIAL, gate) == (reason,)


def test_all_are_told_at_once():
    gate = Gate(slices=Range(at_least=41), pixel_spacing_mm=Range(at_most=0.1), planes=["coronal"])
    assert len(reasons_of_grid(SHAPE, AXIAL, gate)) == 4


@pytest.mark.parametrize(
    ("row", "column", "plane"),
    [
        ((0, 1, 0), (1, 0, 0), "axial"),
        ((0, 0, -1), (1, 0, 0), "coronal"),
        ((0, 0, -1), (0, 1, 0), "sagittal"),
    ],
)
def test_the_plane_is_that_of_the_slices(row, column, plane):
    affine = np.eye(4)
    affine[:3, 1], affine[:3, 2] = row, column
    affine[:3, 0] = np.cross(row, column)
    assert plane_of(affine) == plane


def test_a_tilted_gantry_stays_axial():
    tilted = AXIAL.copy()
    tilted[:3, 0] = (0, 1.5, 2.0)
    assert plane_of(tilted) == "axial"
