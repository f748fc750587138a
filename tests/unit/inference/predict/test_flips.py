import numpy as np
import pytest

from inference.predict.flips import average_over_flips

BATCH = np.random.default_rng(0).random((2, 3, 4, 5, 1), np.float32)


def test_without_axes_it_is_the_one_run_bit_for_bit():
    assert (
        average_over_flips(lambda batch: batch * np.float32(0.3), BATCH, ()).tobytes()
        == (BATCH * np.float32(0.3)).tobytes()
    )


@pytest.mark.parametrize("axes", [("columns",), ("rows", "columns"), ("slices", "rows", "columns")])
def test_maps_are_mirrored_back(axes):
    runs = []

    def voxelwise(batch):
        runs.append(batch.copy())
        return batch * 2

    assert average_over_flips(voxelwise, BATCH, axes) == pytest.approx(BATCH * 2)
    assert len(runs) == 2 ** len(axes)
    assert len({run.tobytes() for run in runs}) == len(runs)


@pytest.mark.parametrize(("axis", "number"), [("slices", 1), ("rows", 2), ("columns", 3)])
def test_the_axis_named_is_the_one_mirrored(axis, number):
    ramp = np.arange(BATCH.shape[number], dtype=np.float32)
    ramp = ramp.reshape([-1 if axis == number else 1 for axis in range(5)]) + np.zeros_like(BATCH)
    # A network that always answers the same: mirrored back and averaged, a ramp is flat.
    flat = average_over_flips(lambda _: ramp.copy(), BATCH, (axis,))
    assert (flat == (BATCH.shape[number] - 1) / 2).all()


def test_planes_have_the_same_names():
    planes = BATCH[:, 0]
    seen = []
    average_over_flips(lambda batch: seen.append(batch) or batch.copy(), planes, ("columns",))
    assert (seen[1] == planes[:, :, ::-1]).all()


def test_vectors_are_averaged_as_they_are():
    answers = iter([np.array([[0.2, 0.8]], np.float32), np.array([[0.6, 0.4]], np.float32)])
    mean = average_over_flips(lambda _: next(answers), BATCH[:1], ("columns",))
    assert mean == pytest.approx(np.array([[0.4, 0.6]]))
