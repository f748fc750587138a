import numpy as np

from inference.gate.envelope import reasons_outside
from inference.package.envelope import Envelope

RAMP = np.linspace(0, 1, 101, dtype=np.float32).reshape(1, -1)


def _envelope(lowest, highest):
    return Envelope(
        percentiles=np.array([10, 90], np.float32),
        lowest=np.array(lowest, np.float32),
        highest=np.array(highest, np.float32),
    )


def test_inside_there_is_no_reason():
    assert reasons_outside(RAMP, _envelope([0.0, 0.8], [0.2, 1.0])) == ()


def test_each_percentile_outside_is_a_reason_with_its_numbers():
    reasons = reasons_outside(RAMP, _envelope([0.2, 0.8], [0.3, 0.85]))
    assert [reason.split("percentile ")[1] for reason in reasons] == [
        "10 of the image is 0.100, seen were 0.200 to 0.300",
        "90 of the image is 0.900, seen were 0.800 to 0.850",
    ]


def test_no_envelope_gives_no_reason():
    assert reasons_outside(RAMP, None) == ()
