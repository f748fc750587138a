import numpy as np

from inference.package.steps import Threshold
from inference.postprocess.threshold import threshold


def test_what_reaches_the_limit_belongs():
    maps = np.array([[[0.49, 0.5, 0.51]]])
    assert threshold(maps, Threshold(step="threshold", at_least=0.5)).tolist() == [[[0, 1, 1]]]
