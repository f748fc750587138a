import pytest

from dicom_node.delivery.destination import Destination, parse_destination
from dicom_node.settings import DestinationSettings


@pytest.mark.parametrize(
    ("url", "ae_title", "host", "port"),
    [
        ("dicom://PACS@10.0.0.5:104", "PACS", "10.0.0.5", 104),
        ("dicom://STORE%20SCP@pacs.hospital.example:11112", "STORE SCP", "pacs.hospital.example", 11112),
        ("dicom://PACS@[::1]:104", "PACS", "::1", 104),
    ],
)
def test_a_destination_is_what_its_url_says(url, ae_title, host, port):
    found = parse_destination("archive", DestinationSettings(url=url))
    assert found == Destination(name="archive", ae_title=ae_title, host=host, port=port)
