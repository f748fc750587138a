import pytest

from inference.errors import GeometryRefused
from inference.volume.one_series import require_one_series
from tests.unit.inference.volume.stacks import ct_slice, numbered


def _headers(**of_the_last):
    return [
        *(ct_slice(numbered(2, 3), number=n) for n in range(2)),
        ct_slice(numbered(2, 3), number=2, **of_the_last),
    ]


def test_slices_of_one_series_pass():
    require_one_series(_headers())


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"SeriesInstanceUID": "2.25.8"}, "belong to 2 series"),
        ({"SOPInstanceUID": "2.25.91"}, "instance 2.25.91 is there 2 times"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, "1 of 3 instances are localizers"),
        ({"PhotometricInterpretation": "RGB"}, "MONOCHROME2, RGB"),
        ({"PhotometricInterpretation": "MONOCHROME1"}, "MONOCHROME1, MONOCHROME2"),
        ({"PhotometricInterpretation": None}, "nothing"),
        ({"Rows": 7}, "2 of 2 x 3, 1 of 7 x 3"),
        ({"Columns": 7}, "1 of 2 x 7"),
    ],
)
def test_a_mix_is_refused_with_its_reason(attributes, reason):
    with pytest.raises(GeometryRefused, match=reason):
        require_one_series(_headers(**attributes))


def test_nothing_but_localizers_is_called_a_localizer():
    headers = [
        ct_slice(numbered(2, 3), number=n, ImageType=["DERIVED", "PRIMARY", "LOCALIZER"]) for n in range(2)
    ]
    with pytest.raises(GeometryRefused, match="the series is a localizer"):
        require_one_series(headers)


def test_monochrome1_throughout_passes():
    require_one_series(
        [ct_slice(numbered(2, 3), number=n, PhotometricInterpretation="MONOCHROME1") for n in range(2)]
    )
