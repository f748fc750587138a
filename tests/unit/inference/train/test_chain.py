"""The chain as evaluation and the golden case need it; what it gives for each task is held by test_pack."""

import numpy as np

from inference.package.manifest import read_manifest
from inference.train.chain import run_chain
from tests.model_package import MANIFEST


class _Network:
    """Says that what is bright belongs to channel 0, and what is dark to channel 1."""

    members = 1

    def each_member(self, image):
        return (np.stack([image, 1 - image], axis=-1),)

    def combine(self, members):
        return members[0]


def test_channels_are_those_the_segments_name(tmp_path):
    text = MANIFEST.replace("channel = 0", "channel = 9").replace("channel = 1", "channel = 0")
    (tmp_path / "model.toml").write_text(text.replace("channel = 9", "channel = 1"))
    pixels = np.zeros((128, 128), np.float32)
    pixels[:, 64:] = 1
    probabilities, labels = run_chain(pixels, read_manifest(tmp_path), _Network())
    assert labels[10, 10].tolist() == [1, 0]  # the first segment is that of channel 1
    assert labels[10, 100].tolist() == [0, 1]
    assert probabilities[10, 10].tolist() == [0, 1]
