import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import keras
import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.train.learn.checkpoint import FILE, load_checkpoint
from inference.train.learn.fit import fit
from inference.train.recipe.fit import FitTable
from inference.train.recipe.network import Start
from tests.unit.inference.train.learn.discs import discs, drawn, lesson

PLAN = FitTable(epochs=3, steps=40, learning_rate=1e-2, averaging=0.9)
SHORT = FitTable(epochs=4, steps=5, learning_rate=1e-3)


def taught(manifest, folder, plan, *, dropout=0.0, **more):
    keras.utils.set_random_seed(0)
    made = lesson(manifest, dropout=dropout)
    result = fit(made, drawn(discs(6, 1)), discs(3, 2), plan, folder, key="discs", **more)
    return made, result


def test_a_small_network_learns_and_ends_with_its_best_weights(manifest, tmp_path):
    made, result = taught(manifest, tmp_path, PLAN)
    assert result.best > 0.85
    assert result.best == max(epoch.score for epoch in result.curve)
    kept = load_checkpoint(tmp_path, "discs").best
    for value, again in zip(made.network.get_weights(), kept, strict=True):
        np.testing.assert_array_equal(value, again)
    assert made.score(discs(3, 2)) == pytest.approx(result.best, abs=1e-6)


def test_the_curve_is_drawn(manifest, tmp_path):
    taught(manifest, tmp_path, SHORT)
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_the_progress_of_each_epoch_is_shown_on_a_terminal(manifest, tmp_path, monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    taught(manifest, tmp_path, FitTable(epochs=2, steps=2))
    shown = terminal.getvalue()
    for epoch in ("epoch 1/2", "epoch 2/2"):
        (bar,) = (line for line in shown.split("\n") if epoch in line)
        assert "100%" in bar


def test_where_there_is_no_terminal_no_progress_is_written(manifest, tmp_path, monkeypatch):
    file = io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    taught(manifest, tmp_path, FitTable(epochs=1, steps=2))
    assert "epoch 1/1" not in file.getvalue()


# Killed after its second epoch, while the third is under way. Dropout gives the network a chance of its own, and the
# loss draws as a detector's does, inside the traced step.
VICTIM = """
import sys, keras
from pathlib import Path
sys.path.insert(0, {root!r})
from inference.package.manifest import read_manifest
from tests.unit.inference.train.learn.test_fit import SHORT, taught
taught(read_manifest(Path({manifest!r})), Path({folder!r}), SHORT, dropout=0.3)
"""


def _environment():
    return os.environ | {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}


def _begin(manifest_folder, folder):
    text = VICTIM.format(root=str(Path.cwd()), manifest=str(manifest_folder), folder=str(folder))
    return subprocess.Popen(
        [sys.executable, "-c", text], env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def _kill_after(process, epochs):
    for line in process.stdout:
        if line.startswith(f"epoch {epochs}/".encode()):
            time.sleep(0.02)
            process.send_signal(signal.SIGKILL)
            break
    assert process.wait(60) == -signal.SIGKILL


def test_a_run_that_was_killed_ends_as_an_undisturbed_one_bit_for_bit(manifest, tmp_path):
    _kill_after(_begin(tmp_path, tmp_path / "killed"), 2)
    done = load_checkpoint(tmp_path / "killed", "discs")
    assert 2 <= len(done.curve) < SHORT.epochs
    for folder in ("killed", "undisturbed"):
        process = _begin(tmp_path, tmp_path / folder)
        said, _ = process.communicate(timeout=200)
        assert process.returncode == 0
    assert len(said.splitlines()) == SHORT.epochs
    again, whole = (load_checkpoint(tmp_path / folder, "discs") for folder in ("killed", "undisturbed"))
    assert again.curve == whole.curve
    assert again.state.keys() == whole.state.keys()
    for name, value in whole.state.items():
        np.testing.assert_array_equal(again.state[name], value, err_msg=name)
    for value, expected in zip(again.best, whole.best, strict=True):
        np.testing.assert_array_equal(value, expected)


def test_what_is_finished_is_not_learnt_again(manifest, tmp_path, capsys):
    first, result = taught(manifest, tmp_path, SHORT)
    before = (tmp_path / FILE).read_bytes()
    capsys.readouterr()
    second, again = taught(manifest, tmp_path, SHORT)
    assert again == result
    assert capsys.readouterr().out == ""
    assert (tmp_path / FILE).read_bytes() == before
    for value, kept in zip(first.network.get_weights(), second.network.get_weights(), strict=True):
        np.testing.assert_array_equal(value, kept)


def test_it_ends_early_where_nothing_gets_better(manifest, tmp_path):
    plan = FitTable(epochs=9, steps=1, learning_rate=1e-9, patience=2)
    _, result = taught(manifest, tmp_path, plan)
    scores = [epoch.score for epoch in result.curve]
    assert len(scores) == scores.index(max(scores)) + 1 + 2 < 9
    _, again = taught(manifest, tmp_path, plan)
    assert again == result


def test_a_loss_that_is_no_number_stops_at_once_and_says_what_to_do(manifest, tmp_path):
    made = lesson(manifest)
    bad = discs(4, 1)
    for each in bad:
        each.values[3, 3] = np.nan
    with pytest.raises(
        TrainingRefused, match=r"the loss is nan in epoch 1, batch [12]: .* Lower \[fit\] learning_rate"
    ):
        fit(made, drawn(bad), discs(1, 2), SHORT, tmp_path)
    assert not (tmp_path / FILE).exists()


def test_frozen_parts_learn_from_the_epoch_that_the_recipe_names(manifest, tmp_path):
    start = Start(freeze=("conv2d",), unfreeze_at_epoch=3)
    seen = {}
    for epochs in (2, 3):
        keras.utils.set_random_seed(0)
        made = lesson(manifest)
        first = made.network.layers[1]
        first.name, first.trainable = "conv2d", False
        seen[0] = first.get_weights()[0].copy()
        plan = FitTable(epochs=epochs, steps=3, learning_rate=1e-2)
        fit(made, drawn(discs(4, 1)), discs(2, 2), plan, tmp_path / str(epochs), start=start)
        state = load_checkpoint(tmp_path / str(epochs), "").state
        seen[epochs] = state["network/0"]
    np.testing.assert_array_equal(seen[2], seen[0])
    assert np.abs(seen[3] - seen[0]).max() > 1e-5


def test_batches_are_given_back_at_the_end_of_each_epoch(manifest, tmp_path):
    closed = []

    def endless(epoch):
        try:
            inner = drawn(discs(4, 1))(epoch)
            yield from inner
        finally:
            closed.append(epoch)

    fit(lesson(manifest), endless, discs(1, 2), FitTable(epochs=2, steps=2), tmp_path)
    assert closed == [0, 1]
