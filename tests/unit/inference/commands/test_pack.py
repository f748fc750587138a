import keras
import numpy as np
from click.testing import CliRunner

from inference.commands.pack import pack
from tests.model_package import MANIFEST


def _pack(tmp_path, text, *more):
    (tmp_path / "draft.toml").write_text(text)
    image = keras.Input((128, 128, 1))
    network = keras.Model(image, keras.layers.Conv2D(2, 3, padding="same", activation="sigmoid")(image))
    network.save(tmp_path / "network.keras")
    np.savez(tmp_path / "input.npz", pixels=np.random.default_rng(0).integers(0, 4096, (90, 70)))
    paths = [
        tmp_path / "draft.toml",
        "--model",
        tmp_path / "network.keras",
        "--input",
        tmp_path / "input.npz",
    ]
    return CliRunner().invoke(pack, [str(each) for each in (*paths, "--out", tmp_path / "out", *more)])


def test_what_is_written_is_checked_and_ready(tmp_path):
    result = _pack(tmp_path, MANIFEST)
    assert result.exit_code == 0, result.output
    written, ready = result.output.strip().splitlines()[-2:]
    assert written == f"{tmp_path / 'out' / 'shades-1.2.3'} written"
    assert ready.startswith("READY shades 1.2.3 sha256 ")


def test_a_mistake_is_told_in_a_sentence(tmp_path):
    result = _pack(tmp_path, MANIFEST.replace("licence =", "licens ="))
    assert result.exit_code == 1
    assert "did you mean 'licence'" in result.output
    assert "Traceback" not in result.output


def test_a_package_that_is_there_is_left_alone(tmp_path):
    _pack(tmp_path, MANIFEST)
    result = _pack(tmp_path, MANIFEST)
    assert result.exit_code == 1
    assert "never written over" in result.output
