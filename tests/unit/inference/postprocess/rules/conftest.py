import numpy as np
import pytest

# Slices of 3 mm towards the head, rows and columns of 0.5 mm towards posterior and left.
AFFINE = np.array([[0, 0, 0.5, -10], [0, 0.5, 0, -10], [3.0, 0, 0, 0], [0, 0, 0, 1]])


@pytest.fixture
def affine() -> np.ndarray:
    return AFFINE


@pytest.fixture
def body() -> np.ndarray:
    """(8, 40, 40): a body whose middle is the middle of the grid, 100 within it and 300 in its left half."""
    voxels = np.full((8, 40, 40), -1000, np.float32)
    voxels[:, 4:36, 4:36] = 100
    voxels[:, 4:36, 20:36] = 300
    return voxels


@pytest.fixture
def labels() -> np.ndarray:
    """(8, 40, 40): an organ (1) with a tumour within it (2), and a crumb of tumour elsewhere."""
    labels = np.zeros((8, 40, 40), np.uint8)
    labels[1:7, 8:32, 22:34] = 1
    labels[3:5, 12:16, 24:28] = 2
    labels[6, 10:12, 6:8] = 2
    return labels
