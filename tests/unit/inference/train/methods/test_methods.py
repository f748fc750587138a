"""Each method beats its plain counterpart on the same budget, in the mean over three seeds.

The table of all of them, with spread: ``python -m tests.benchmarks.train methods``.
"""

import pytest

from tests.benchmarks.train.methods.all import METHODS
from tests.benchmarks.train.methods.comparison import compare, said


@pytest.mark.parametrize("name", ["augmentation", "transfer", "ensemble", "weighted"])
def test_the_method_beats_its_plain_counterpart(name):
    found = compare(METHODS[name])
    assert found.beats, said(found)
