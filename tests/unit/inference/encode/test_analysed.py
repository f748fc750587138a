from dataclasses import FrozenInstanceError

import pytest

from inference.encode.analysed import EncodedResult


def test_a_result_does_not_change():
    result = EncodedResult(
        kind="SR", sop_class_uid="1", sop_instance_uid="2", series_instance_uid="3", content=b""
    )
    with pytest.raises(FrozenInstanceError):
        result.content = b"other"
