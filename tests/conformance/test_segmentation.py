"""SEG instances before judges that are not ours: dciodvfy, dcmqi, highdicom's reader."""

import gzip
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from inference.encode.analysed import Analysed, Projection, Segmentation
from inference.encode.results import encode_results
from inference.encode.segmentation import encode_segmentations
from inference.volume.spacing import spacing_of
from tests.conformance.conftest import NOW
from tests.conformance.sources import SOURCES, analysed_kind
from tests.image_segmentation import read_image_segmentation
from tests.model_package import phantom
from tests.projection_image import projection_image

pytestmark = pytest.mark.real_neighbours

SIZES = [(641, 523), (523, 641), (64, 64), (121, 83)]


def _segs(outcome):
    return [result for result in outcome.results if result.kind == "SEG"]


def _encoded(model, rows, columns):
    """The phantom's own masks, written as they are, so that they can be compared voxel for voxel."""
    labels = phantom(rows, columns)[1]
    source = projection_image(rows=rows, columns=columns)
    analysed = Analysed(
        source=Projection(header=source, pixels=phantom(rows, columns)[0], spacing=spacing_of(source)),
        manifest=model.manifest,
        digest=model.digest,
        found=Segmentation(labels=labels),
        now=NOW,
    )
    return [written.result for written in encode_segmentations(analysed)]


@pytest.mark.parametrize("kind", SOURCES)
def test_dciodvfy_finds_no_error(errors_of, kind):
    segs = [result for result in encode_results(analysed_kind(kind)) if result.kind == "SEG"]
    assert segs
    for seg in segs:
        assert errors_of(seg.content) == []


def test_dciodvfy_finds_no_error_for_real_radiographs(run, errors_of, radiograph):
    segs = _segs(run(radiograph))
    assert segs
    for seg in segs:
        assert errors_of(seg.content) == []


def test_a_real_radiograph_keeps_its_grid(run, radiograph):
    source = dcmread(radiograph, stop_before_pixels=True)
    for seg in _segs(run(radiograph)):
        instance = dcmread(BytesIO(seg.content))
        assert (instance.Rows, instance.Columns) == (source.Rows, source.Columns)
        assert instance.StudyInstanceUID == source.StudyInstanceUID
        (measures,) = instance.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence
        assert "PixelSpacing" not in measures and "SliceThickness" not in measures


def test_a_known_spacing_is_in_the_segmentation(run):
    instance = dcmread(BytesIO(_segs(run(PixelSpacing=[0.2, 0.1]))[0].content))
    measures = instance.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    assert measures.PixelSpacing == [0.2, 0.1]


@pytest.mark.parametrize("size", SIZES)
def test_highdicom_reads_every_voxel_where_it_was_written(model, size):
    read = [
        read_image_segmentation(seg.content).get_pixels_by_source_instance(["2.25.3"])[0]
        for seg in _encoded(model, *size)
    ]
    assert np.array_equal(np.concatenate(read, axis=-1), phantom(*size)[1])


@pytest.mark.parametrize("size", SIZES)
def test_dcmqi_reads_every_voxel_where_it_was_written(model, judge, tmp_path, size):
    masks = []
    for number, seg in enumerate(_encoded(model, *size)):
        path, folder = _lend_a_place(seg.content, tmp_path / "seg.dcm"), tmp_path / str(number)
        folder.mkdir()
        judge("segimage2itkimage", "--inputDICOM", path, "--outputDirectory", folder)
        masks += [_read_nrrd(nrrd, size) for nrrd in sorted(folder.glob("*.nrrd"))]
    assert np.array_equal(np.stack(masks, axis=-1) > 0, phantom(*size)[1] > 0)


def _lend_a_place(content: bytes, path: Path) -> Path:
    """dcmqi reads no segmentation without a position in the patient, which a radiograph has not."""
    instance = dcmread(BytesIO(content))
    position, measures = Dataset(), Dataset()
    position.ImagePositionPatient = [0, 0, 0]
    measures.PixelSpacing, measures.SliceThickness = [1, 1], 1
    measures.SpacingBetweenSlices = 1
    for group in instance.PerFrameFunctionalGroupsSequence:
        group.PlanePositionSequence = Sequence([position])
    instance.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence = Sequence([measures])
    instance.save_as(path)
    return path


def _read_nrrd(path: Path, size: tuple[int, int]) -> np.ndarray:
    header, _, body = path.read_bytes().partition(b"\n\n")
    fields = dict(line.split(": ", 1) for line in header.decode().splitlines() if ": " in line)
    assert fields["sizes"].split() == [str(size[1]), str(size[0]), "1"]
    assert fields["type"] in ("short", "unsigned char", "unsigned short", "uchar")
    kind = np.uint8 if "char" in fields["type"] else np.uint16
    data = gzip.decompress(body) if fields["encoding"] in ("gzip", "gz") else body
    return np.frombuffer(data, kind).reshape(size)
