import numpy as np
import pytest

from inference.errors import GeometryRefused
from inference.volume.plane import Plane
from inference.volume.stack import stack


def _plane(position, along_row=(1, 0, 0), along_column=(0, 1, 0), rows=0.5, columns=0.7):
    return Plane(
        position=tuple(position),
        along_row=along_row,
        along_column=along_column,
        between_rows_mm=rows,
        between_columns_mm=columns,
    )


def _axial(*places):
    return [_plane((10, 20, z)) for z in places]


def test_order_and_affine():
    found = stack(_axial(4, 0, 6, 2))
    assert found.order == (1, 3, 0, 2)
    assert np.allclose(found.affine, [[0, 0, 0.7, 10], [0, 0.5, 0, 20], [2, 0, 0, 0], [0, 0, 0, 1]])


def test_order_follows_the_normal_of_the_planes():
    assert stack([_plane((0, 0, z), along_column=(0, -1, 0)) for z in (0, 1, 2)]).order == (2, 1, 0)


def test_a_tilt_is_in_the_step():
    found = stack([_plane((0, 0.3 * z, z)) for z in range(5)])
    assert np.allclose(found.affine[:3, 0], [0, 0.3, 1])


def test_positions_written_with_few_digits_are_even():
    found = stack(_axial(*(round(0.625 * n, 1) for n in range(40))))
    assert found.affine[2, 0] == pytest.approx(0.625, abs=0.003)


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_are_no_stack(count):
    with pytest.raises(GeometryRefused, match="at least two"):
        stack(_axial(*range(count)))


def test_a_gap_is_named_in_mm():
    with pytest.raises(
        GeometryRefused, match=r"missing between 2\.0 and 6\.0 mm: .* not 2\.00 mm \(about 1 missing\)"
    ):
        stack(_axial(0, 2, 6, 8, 10))


def test_many_gaps_are_not_all_told():
    places = [z for z in range(40) if z % 8]
    with pytest.raises(GeometryRefused, match=r"between 7\.0 and 9\.0 mm, .* and 1 more.*about 4 missing"):
        stack(_axial(*places))


def test_uneven_steps_are_refused():
    with pytest.raises(GeometryRefused, match=r"steps from 2\.00 to 2\.80 mm"):
        stack(_axial(0, 2, 4, 6.8, 8.8, 10.8))


def test_a_slice_pushed_aside_is_refused():
    planes = _axial(0, 2, 4, 6)
    planes[2] = _plane((11.5, 20, 4))
    with pytest.raises(GeometryRefused, match="straight line"):
        stack(planes)


def test_two_at_one_place_are_refused():
    with pytest.raises(GeometryRefused, match=r"2 slices lie where another one lies, the first at 2\.0 mm"):
        stack(_axial(0, 2, 2, 4, 4, 6))


def test_a_second_phase_is_refused():
    with pytest.raises(GeometryRefused, match="several echoes, phases or time points"):
        stack(_axial(*range(5), *range(5)))


def test_mixed_orientation_is_refused():
    planes = [*_axial(0, 2, 4), _plane((0, 0, 6), along_column=(0, 0, -1))]
    with pytest.raises(GeometryRefused, match=r"2 different orientations \(1 of 4 unlike the rest\)"):
        stack(planes)


def test_mixed_spacing_is_refused():
    with pytest.raises(GeometryRefused, match=r"Pixel Spacing \(0\.5 x 0\.7 mm, 0\.6 x 0\.7 mm\)"):
        stack([*_axial(0, 2, 4), _plane((10, 20, 6), rows=0.6)])


def test_directions_and_spacing_may_differ_in_their_last_digits():
    planes = [*_axial(0, 2, 4), _plane((10, 20, 6), along_row=(0.9999, 0.0004, 0), rows=0.5001)]
    assert stack(planes).order == (0, 1, 2, 3)
