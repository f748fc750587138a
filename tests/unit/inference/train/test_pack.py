"""Packing for the three tasks, each from a tiny Keras network; what comes of it passes the checks of serving."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from inference.errors import PackageInvalid
from inference.package.checksums import verify_checksums
from inference.package.envelope import read_envelope
from inference.package.golden import read_golden_case, reason_not_reproduced
from inference.package.golden_classification import (
    read_golden_classification,
    reason_classes_not_reproduced,
)
from inference.package.golden_detection import read_golden_detection, reason_boxes_not_reproduced
from inference.package.manifest import read_manifest
from inference.predict import load_predictor
from inference.preprocess.field import Field
from inference.train.chain import golden_arrays
from inference.train.pack import Sources, pack_package
from tests.model_package import MANIFEST
from tests.unit.inference.gate.series import ct, trunk, written

HEAD = MANIFEST[: MANIFEST.index("[[preprocess]]")]
SEGMENT = MANIFEST[MANIFEST.index("[[postprocess]]") : MANIFEST.index('[[output.segment]]\nlabel = "Grey"')]
RESIZE = '[[preprocess]]\nstep = "min_max"\n\n[[preprocess]]\nstep = "resize"\nrows = 32\ncolumns = 32\n'
FINDING = """
[[output.finding]]
label = "Bright"
channel = 1
concept = "SCT.Pneumothorax"
threshold = 0.5
positive = "It is bright."
"""
BOX = """
[[postprocess]]
step = "non_maximum_suppression"

[[output.box]]
label = "Bright"
class_id = 1
concept = "SCT.Nodule"
colour_rgb = [1, 2, 3]
score_at_least = 0.5
"""
VOLUME = """
[predict]
patch = [4, 16, 16]

[[preprocess]]
step = "window"
centre = 0
width = 2000
"""


def _projection(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 4096, (60, 50)).astype(np.float32)
    np.savez(tmp_path / "input.npz", pixels=pixels)
    return tmp_path / "input.npz"


def _draft(tmp_path, text, task="segmentation"):
    path = tmp_path / "draft.toml"
    path.write_text(text.replace('task = "segmentation"', f'task = "{task}"'), encoding="utf-8")
    return path


def _keras(tmp_path, network, name="network.keras"):
    network.save(tmp_path / name)
    return tmp_path / name


def _planes():
    image = keras.Input((32, 32, 1))
    return keras.Model(image, keras.layers.Conv2D(2, 3, padding="same", activation="sigmoid")(image))


def _pack(tmp_path, draft, network, example, **more):
    networks = network if isinstance(network, tuple) else (network,)
    return pack_package(Sources(draft=draft, networks=networks, example=example, **more), tmp_path / "out")


def _answer(folder, case):
    manifest = read_manifest(folder)
    predictor = load_predictor(folder / "model", manifest.io, manifest.predict)
    return golden_arrays(Field(values=case.pixels, affine=case.affine), manifest, predictor)


def test_a_segmentation_of_a_projection(tmp_path):
    draft = _draft(tmp_path, HEAD + RESIZE + SEGMENT)
    folder = _pack(tmp_path, draft, _keras(tmp_path, _planes()), _projection(tmp_path))
    assert folder == tmp_path / "out" / "shades-1.2.3"
    assert len(verify_checksums(folder)) == 64
    assert {path.name for path in folder.iterdir()} == {
        *("model.toml", "model", "golden", "envelope.npz", "card.md", "SHA256SUMS")
    }
    case = read_golden_case(folder)
    given = _answer(folder, case)
    assert reason_not_reproduced(case, given["probabilities"], given["labels"]) is None
    assert read_envelope(folder).thumbnails is None
    io = read_manifest(folder).io
    assert (io.input, io.output, io.output_rank) == ("image", "probabilities", 4)


def test_a_segmentation_of_a_volume(tmp_path):
    volume = keras.Input((4, 16, 16, 1))
    network = keras.Model(volume, keras.layers.Conv3D(2, 3, padding="same", activation="sigmoid")(volume))
    text = HEAD.replace('each = "instance"', 'each = "series"').replace('"CR", "DX"', '"CT"')
    written(ct(trunk(6)), tmp_path / "series")
    folder = _pack(
        tmp_path, _draft(tmp_path, text + VOLUME + SEGMENT), _keras(tmp_path, network), tmp_path / "series"
    )
    case = read_golden_case(folder)
    assert case.labels.shape == case.pixels.shape == (6, 96, 128)
    given = _answer(folder, case)
    assert reason_not_reproduced(case, given["probabilities"], given["labels"]) is None
    assert (folder / "golden" / "case.npz").stat().st_size < 1_000_000


def test_a_classification(tmp_path):
    image = keras.Input((32, 32, 1))
    mean = keras.layers.GlobalAveragePooling2D()(image)
    network = keras.Model(image, keras.layers.Dense(2, activation="sigmoid")(mean))
    draft = _draft(tmp_path, HEAD + RESIZE + FINDING, "classification")
    folder = _pack(tmp_path, draft, _keras(tmp_path, network), _projection(tmp_path))
    case = read_golden_classification(folder)
    assert case.probabilities.shape == (2,)
    assert reason_classes_not_reproduced(case, _answer(folder, case)["probabilities"]) is None


def _detector(tmp_path, score):
    def serve(image):
        box = tf.constant([[[4.0, 4.0, 20.0, 16.0], [5.0, 4.0, 20.0, 16.0], [0.0, 0.0, 8.0, 8.0]]])
        nothing = 0.0 * tf.reduce_sum(image)
        scores = tf.constant([[score, score - 0.1, 0.2]]) + nothing
        return {"boxes": box + nothing, "scores": scores, "classes": tf.constant([[1, 1, 1]], tf.int64)}

    module = tf.Module()
    module.serve = tf.function(
        serve, input_signature=[tf.TensorSpec((None, 32, 32, 1), tf.float32, name="image")]
    )
    tf.saved_model.save(module, str(tmp_path / "detector"), signatures={"serving_default": module.serve})
    return tmp_path / "detector"


def test_a_detection(tmp_path):
    draft = _draft(tmp_path, HEAD + RESIZE + BOX, "detection")
    folder = _pack(tmp_path, draft, _detector(tmp_path, 0.9), _projection(tmp_path))
    case = read_golden_detection(folder)
    assert case.boxes.tolist() == [[4 * 60 / 32, 4 * 50 / 32, 20 * 60 / 32, 16 * 50 / 32]]
    given = _answer(folder, case)
    assert reason_boxes_not_reproduced(case, given["boxes"], given["scores"], given["classes"]) is None


def test_a_detection_that_finds_nothing_is_not_packed(tmp_path):
    draft = _draft(tmp_path, HEAD + RESIZE + BOX, "detection")
    with pytest.raises(PackageInvalid, match="finds no box"):
        _pack(tmp_path, draft, _detector(tmp_path, 0.4), _projection(tmp_path))
    assert list((tmp_path / "out").iterdir()) == []


def test_an_ensemble_has_its_members_in_their_order(tmp_path):
    text = HEAD + RESIZE + "\n[predict]\nmembers = 2\n" + SEGMENT
    networks = tuple(_keras(tmp_path, _planes(), f"{name}.keras") for name in "ab")
    folder = _pack(tmp_path, _draft(tmp_path, text), networks, _projection(tmp_path))
    assert {path.name for path in (folder / "model").iterdir()} == {"0", "1"}


def test_one_network_is_no_ensemble(tmp_path):
    text = HEAD + RESIZE + "\n[predict]\nmembers = 2\n" + SEGMENT
    with pytest.raises(PackageInvalid, match="members = 2 needs the folders 0, 1"):
        _pack(tmp_path, _draft(tmp_path, text), _keras(tmp_path, _planes()), _projection(tmp_path))


def test_training_inputs_make_the_envelope_and_a_card_is_kept(tmp_path):
    draft = tmp_path / "draft"
    draft.mkdir()
    (draft / "model.toml").write_text(HEAD + RESIZE + SEGMENT, encoding="utf-8")
    (draft / "card.md").write_text("my own card", encoding="utf-8")
    (tmp_path / "training").mkdir()
    rng = np.random.default_rng(0)
    for number in range(12):
        np.savez(tmp_path / "training" / f"{number}.npz", pixels=rng.integers(0, 4096, (60, 50)))
    folder = _pack(
        tmp_path, draft, _keras(tmp_path, _planes()), _projection(tmp_path), training=tmp_path / "training"
    )
    assert read_envelope(folder).thumbnails.shape == (12, 8, 8)
    assert (folder / "card.md").read_text() == "my own card"


def test_a_signature_that_is_declared_is_what_is_exported(tmp_path):
    text = HEAD + RESIZE + SEGMENT + '\n[io]\ninput = "x"\ninput_rank = 4\noutput = "p"\noutput_rank = 4\n'
    folder = _pack(tmp_path, _draft(tmp_path, text), _keras(tmp_path, _planes()), _projection(tmp_path))
    assert (folder / "model.toml").read_text() == (tmp_path / "draft.toml").read_text()
    assert read_manifest(folder).io.input == "x"


@pytest.mark.parametrize(("text", "sentence"), [("[model", "is not TOML"), ("a = 1", "is missing")])
def test_a_draft_with_mistakes_is_told(tmp_path, text, sentence):
    with pytest.raises(PackageInvalid, match=sentence):
        _pack(tmp_path, _draft(tmp_path, text), _keras(tmp_path, _planes()), _projection(tmp_path))
    assert list((tmp_path / "out").iterdir()) == []


def test_a_package_is_never_written_over(tmp_path):
    sources = _draft(tmp_path, HEAD + RESIZE + SEGMENT), _keras(tmp_path, _planes()), _projection(tmp_path)
    folder = _pack(tmp_path, *sources)
    before = (folder / "SHA256SUMS").read_bytes()
    with pytest.raises(FileExistsError, match="never written over"):
        _pack(tmp_path, *sources)
    assert (folder / "SHA256SUMS").read_bytes() == before
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["shades-1.2.3"]


class TestHostile:
    def _refusal(self, tmp_path, network):
        with pytest.raises(PackageInvalid) as caught:
            _pack(tmp_path, _draft(tmp_path, HEAD + RESIZE + SEGMENT), network, _projection(tmp_path))
        assert list((tmp_path / "out").iterdir()) == []
        return str(caught.value)

    @pytest.mark.parametrize("operation", ["WriteFile", "ReadFile"])
    def test_a_savedmodel_that_touches_files_is_refused_and_not_run(self, tmp_path, operation):
        trap = str(tmp_path / "executed")

        def serve(image):
            if operation == "WriteFile":
                tf.io.write_file(trap, "x")
                return {"probabilities": image}
            length = tf.strings.length(tf.io.read_file("/etc/hostname"))
            return {"probabilities": image * tf.cast(length, tf.float32)}

        module = tf.Module()
        module.serve = tf.function(serve, input_signature=[tf.TensorSpec((None, 32, 32, 1), tf.float32)])
        tf.saved_model.save(module, str(tmp_path / "hostile"), signatures={"serving_default": module.serve})
        assert f"uses {operation}" in self._refusal(tmp_path, tmp_path / "hostile")
        assert not (tmp_path / "executed").exists()

    def test_a_lambda_is_refused(self, tmp_path):
        image = keras.Input((32, 32, 1))
        network = keras.Model(image, keras.layers.Lambda(lambda x: x)(image))
        assert "holds a Lambda" in self._refusal(tmp_path, _keras(tmp_path, network))

    def test_a_link_in_a_savedmodel_is_refused(self, tmp_path):
        folder = _detector(tmp_path, 0.9)
        weights = folder / "variables" / "variables.index"
        weights.rename(tmp_path / "elsewhere")
        weights.symlink_to(tmp_path / "elsewhere")
        assert "no plain file" in self._refusal(tmp_path, folder)
