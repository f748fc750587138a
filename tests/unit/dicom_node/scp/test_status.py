import pytest
from pynetdicom.status import STORAGE_SERVICE_CLASS_STATUS

from dicom_node.scp.status import Status


@pytest.mark.parametrize("status", Status)
def test_every_status_is_one_of_the_storage_service(status):
    assert status.value in STORAGE_SERVICE_CLASS_STATUS


def test_only_success_says_success():
    assert [each for each in Status if STORAGE_SERVICE_CLASS_STATUS[each.value][0] == "Success"] == [
        Status.SUCCESS
    ]
