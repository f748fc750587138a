from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread

from inference.encode.analysed import Projection, Segmentation
from inference.encode.encoding import DEFAULT, Encoding
from inference.encode.image_segmentation import encode_image_segments
from tests.image_segmentation import read_image_segmentation
from tests.projection_image import projection_image
from tests.unit.inference.encode.given import analysed_image


def _encode(layers, encoding=DEFAULT, **attributes):
    rows, columns, _ = layers.shape
    header = projection_image(rows=rows, columns=columns, **attributes)
    source = Projection(header=header, pixels=np.zeros((rows, columns), np.float32), spacing=None)
    made = analysed_image(source=source, found=Segmentation(labels=layers), measured=())
    return encode_image_segments(made, made.manifest.output.segment, layers, encoding)


def _layers(rows, columns, *, overlap=False):
    layers = np.zeros((rows, columns, 2), np.uint8)
    layers[2:9, 3:6, 0] = layers[8 if overlap else 9 :, 4:7, 1] = 1
    return layers


def _voxels(written):
    segmentation = read_image_segmentation(written.result.content)
    return segmentation.get_pixels_by_source_instance(["2.25.3"])[0]


@pytest.mark.parametrize(
    "encoding",
    [
        Encoding(),
        Encoding(compression="deflated"),
        Encoding(form="LABELMAP"),
        Encoding(form="LABELMAP", compression="RLE"),
        Encoding(form="LABELMAP", compression="JPEG-LS"),
        Encoding(form="LABELMAP", compression="deflated"),
    ],
    ids=lambda each: each.name or "default",
)
def test_segments_side_by_side_share_an_instance(encoding):
    layers = _layers(24, 16)
    (written,) = _encode(layers, encoding)
    assert np.array_equal(_voxels(written), layers)
    assert written.numbers == {"Dark": 1, "Grey": 2}
    instance = dcmread(BytesIO(written.result.content))
    assert instance.file_meta.TransferSyntaxUID == encoding.transfer_syntax_uid
    assert instance.SeriesDescription == "shades 1.2.3 SEG"


@pytest.mark.parametrize("size", [(24, 16), (25, 17)])
def test_segments_that_overlap_are_split_and_named(size):
    layers = _layers(*size, overlap=True)
    one, other = _encode(layers)
    assert np.array_equal(_voxels(one)[..., 0], layers[..., 0])
    assert np.array_equal(_voxels(other)[..., 0], layers[..., 1])
    assert dcmread(BytesIO(other.result.content)).SeriesDescription == "shades 1.2.3 SEG Grey"


@pytest.mark.parametrize("encoding", [Encoding(), Encoding(form="LABELMAP", compression="RLE")])
def test_a_label_map_of_odd_size_is_written(encoding):
    layers = _layers(25, 17)
    written = _encode(layers, encoding)
    assert len(written) == (2 if encoding.form == "BINARY" else 1)
    assert np.array_equal(np.concatenate([_voxels(each) for each in written], axis=-1), layers)


def test_the_background_of_a_label_map_is_described_last():
    """Viewers that take a segment's place for its number would give each the colour of the one before."""
    (written,) = _encode(_layers(24, 16), Encoding(form="LABELMAP"))
    described = dcmread(BytesIO(written.result.content)).SegmentSequence
    assert [(item.SegmentNumber, item.SegmentLabel) for item in described] == [
        (1, "Dark"),
        (2, "Grey"),
        (0, "Background"),
    ]


def test_pixel_measures_are_stated_even_where_the_size_of_a_pixel_is_unknown():
    """OHIF 3.13 turns black without, and Orthanc's DICOMweb drops a sequence with nothing in it."""
    (unknown, *_), (known, *_) = _encode(_layers(24, 16)), _encode(_layers(24, 16), PixelSpacing=[0.2, 0.1])
    groups = dcmread(BytesIO(unknown.result.content)).SharedFunctionalGroupsSequence[0]
    measures = groups.PixelMeasuresSequence[0]
    assert measures.SpacingBetweenSlices == 1
    assert "PixelSpacing" not in measures and "SliceThickness" not in measures
    groups = dcmread(BytesIO(known.result.content)).SharedFunctionalGroupsSequence[0]
    assert groups.PlaneOrientationSequence[0].ImageOrientationPatient == [1, 0, 0, 0, 1, 0]
