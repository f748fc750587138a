from dataclasses import FrozenInstanceError, fields

import pytest

from dicom_node.scp.upper_layer.limits import Limits
from dicom_node.settings import ScpSettings


def test_without_settings_they_are_those_of_the_settings():
    settings = ScpSettings()
    assert Limits() == Limits(
        request_seconds=settings.request_seconds,
        pdu_seconds=settings.pdu_seconds,
        idle_seconds=settings.idle_seconds,
        largest_instance_bytes=Limits().largest_instance_bytes,
    )
    assert Limits().largest_instance_bytes >= settings.instance_at_most


def test_nothing_is_without_a_limit():
    assert all(0 < getattr(Limits(), field.name) < float("inf") for field in fields(Limits))


def test_they_do_not_change_under_way():
    with pytest.raises(FrozenInstanceError):
        Limits().pdu_seconds = 0.0  # type: ignore[misc]
