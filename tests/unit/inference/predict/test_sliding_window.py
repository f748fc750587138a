import numpy as np
import pytest

from inference.errors import PredictionFailed
from inference.predict import sliding_window
from inference.predict.sliding_window import slide
from inference.predict.windows import tile


def _slide(values, patch, *, batch, run, overlap=0.5, pad_value=0.0):
    found = []
    slide(
        values,
        tile(values.shape, patch, overlap=overlap, blend="gaussian"),
        batch=batch,
        pad_value=pad_value,
        run=run,
        on_blended=lambda first, layers: found.append((first, layers[0].copy())),
    )
    return np.concatenate([maps for _, maps in found])


def _voxelwise(windows):
    return [np.concatenate([windows, 1 - windows], axis=-1)]


@pytest.mark.parametrize("overlap", [0.0, 0.5, 0.75])
@pytest.mark.parametrize("batch", [1, 3, 64])
@pytest.mark.parametrize("shape", [(11, 13, 17), (3, 20, 5), (4, 6, 8), (1, 1, 1)])
def test_a_network_that_looks_at_one_voxel_gives_what_it_gives_for_the_whole(shape, batch, overlap):
    values = np.random.default_rng(0).random(shape, np.float32)
    blended = _slide(values, (4, 6, 8), batch=batch, run=_voxelwise, overlap=overlap)
    assert blended == pytest.approx(_voxelwise(values[..., np.newaxis])[0], abs=1e-6)


def test_the_network_is_only_ever_called_with_one_shape():
    shapes = set()

    def run(windows):
        shapes.add((windows.shape, windows.dtype))
        return _voxelwise(windows)

    for shape in [(11, 13, 17), (3, 20, 5), (40, 6, 8)]:
        _slide(np.zeros(shape, np.float32), (4, 6, 8), batch=5, run=run)
    assert shapes == {((5, 4, 6, 8, 1), np.dtype(np.float32))}


def test_no_window_is_run_twice_and_a_batch_crosses_layers_of_windows():
    calls = []

    def run(windows):
        calls.append(1)
        return _voxelwise(windows)

    _slide(np.zeros((8, 6, 24), np.float32), (4, 6, 8), batch=5, run=run, overlap=0.0)
    assert len(calls) == 2  # 2 x 1 x 3 windows


def test_what_lies_beyond_a_small_volume_is_the_pad_value():
    seen = []

    def run(windows):
        seen.append(windows[0, ..., 0].copy())
        return _voxelwise(windows)

    values = np.full((2, 6, 8), 0.25, np.float32)
    blended = _slide(values, (4, 6, 8), batch=1, run=run, pad_value=0.75)
    assert (seen[0][[0, 3]] == 0.75).all()
    assert (seen[0][1:3] == 0.25).all()
    assert blended.shape == (2, 6, 8, 2)


def test_the_volume_is_not_changed():
    values = np.random.default_rng(0).random((9, 9, 9), np.float32)
    before = values.copy()
    _slide(values, (4, 4, 4), batch=2, run=_voxelwise)
    assert (values == before).all()


def test_a_slab_too_large_for_memory_fails_by_name(monkeypatch):
    def too_large(*_, **__):
        raise MemoryError

    monkeypatch.setattr(sliding_window, "RollingSlab", too_large)
    with pytest.raises(
        PredictionFailed, match="1 x 4 slices of 9 x 9 with 2 channels does not fit into memory"
    ):
        _slide(np.zeros((9, 9, 9), np.float32), (4, 4, 4), batch=2, run=_voxelwise)
