import numpy as np

from inference.confidence.blocks import BLOCK_VOXELS, blocks


def test_the_pieces_make_the_whole_and_are_small():
    maps = np.random.default_rng(0).random((3, 200, 101, 2), np.float32)
    labels = np.arange(3 * 200 * 101, dtype=np.uint32).astype(np.uint8).reshape(3, 200, 101)
    pieces = list(blocks(maps, labels))
    assert len(pieces) == 2
    assert all(len(piece) == len(marked) <= BLOCK_VOXELS for piece, marked in pieces)
    assert (np.concatenate([piece for piece, _ in pieces]) == maps.reshape(-1, 2)).all()
    assert (np.concatenate([marked for _, marked in pieces]) == labels.ravel()).all()
    assert all(np.shares_memory(piece, maps) for piece, _ in pieces)
