import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.train.learn.checkpoint import FILE, Checkpoint, Epoch, load_checkpoint, save_checkpoint

CURVE = (Epoch(loss=1.0, score=0.2), Epoch(loss=0.5, score=0.7), Epoch(loss=0.4, score=0.7))


def checkpoint(**changes):
    state = {"network/0": np.arange(6.0).reshape(2, 3), "taken/0": np.array(7)}
    many = tuple(np.full(2, number) for number in range(12))
    return Checkpoint(**({"key": "a", "curve": CURVE, "state": state, "best": many} | changes))


def test_what_was_saved_comes_back(tmp_path):
    saved = checkpoint()
    save_checkpoint(tmp_path, saved)
    again = load_checkpoint(tmp_path, "a")
    assert (again.key, again.curve) == (saved.key, saved.curve)
    assert again.state.keys() == saved.state.keys()
    for name, array in saved.state.items():
        np.testing.assert_array_equal(again.state[name], array)
    # With twelve arrays their order by name is not that of their numbers.
    assert [int(array[0]) for array in again.best] == list(range(12))


def test_the_first_of_the_best_epochs_is_kept():
    assert checkpoint().best_epoch == 1


def test_an_empty_folder_has_none(tmp_path):
    assert load_checkpoint(tmp_path, "a") is None


def test_one_of_another_training_is_refused(tmp_path):
    save_checkpoint(tmp_path, checkpoint())
    with pytest.raises(
        TrainingRefused, match=r"another recipe or manifest, or of files .* give another --out"
    ):
        load_checkpoint(tmp_path, "b")


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_a_damaged_one_is_told(tmp_path, content):
    save_checkpoint(tmp_path, checkpoint())
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(TrainingRefused, match=r"is no checkpoint .* remove it and begin again"):
        load_checkpoint(tmp_path, "a")


def test_a_killed_write_leaves_the_last_one(tmp_path, monkeypatch):
    save_checkpoint(tmp_path, checkpoint())

    def killed(*_arguments, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", killed)
    with pytest.raises(KeyboardInterrupt):
        save_checkpoint(tmp_path, checkpoint(curve=CURVE[:1]))
    assert load_checkpoint(tmp_path, "a").curve == CURVE
