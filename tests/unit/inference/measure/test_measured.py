from dataclasses import FrozenInstanceError

import pytest

from inference.measure.measured import Measured


def test_a_number_stays_what_was_measured():
    measured = Measured(segment="Liver", kind="volume", value=1.5, unit="mL")
    with pytest.raises(FrozenInstanceError):
        measured.value = 2.0
