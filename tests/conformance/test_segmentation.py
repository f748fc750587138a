"""SEG instances before judges that are not ours: dciodvfy, dcmqi, highdicom's reader."""

import gzip
from io import BytesIO
from pathlib import Path

import highdicom as hd
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from inference.encode.analysed import Analysed
from inference.encode.region import regions_of
from inference.encode.segmentation import encode_segmentations
from inference.volume.spacing import spacing_of
from tests.conformance.conftest import NOW
from tests.conformance.sources import SOURCES
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
    return encode_segmentations(
        Analysed(
            source=source,
            manifest=model.manifest,
            digest=model.digest,
            labels=labels,
            regions=tuple(regions_of(labels[..., k]) for k in range(2)),
            confidence={"Dark": 1.0, "Grey": 1.0},
            spacing=spacing_of(source),
            remarks=(),
            now=NOW,
        )
    )


@pytest.mark.parametrize("kind", SOURCES)
def test_dciodvfy_finds_no_error(run, errors_of, kind):
    segs = _segs(run(**SOURCES[kind]))
    assert len(segs) == 2
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
        assert "PixelMeasuresSequence" not in instance.SharedFunctionalGroupsSequence[0]


def test_a_known_spacing_is_in_the_segmentation(run):
    instance = dcmread(BytesIO(_segs(run(PixelSpacing=[0.2, 0.1]))[0].content))
    measures = instance.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    assert measures.PixelSpacing == [0.2, 0.1]


@pytest.mark.parametrize("size", SIZES)
def test_highdicom_reads_every_voxel_where_it_was_written(model, size):
    for k, seg in enumerate(_encoded(model, *size)):
        read = hd.seg.segread(BytesIO(seg.content)).get_pixels_by_source_instance(["2.25.3"])
        assert np.array_equal(read[0, ..., 0], phantom(*size)[1][..., k])


@pytest.mark.parametrize("size", SIZES)
def test_dcmqi_reads_every_voxel_where_it_was_written(model, judge, tmp_path, size):
    for k, seg in enumerate(_encoded(model, *size)):
        path = _lend_a_place(seg.content, tmp_path / "seg.dcm")
        (tmp_path / str(k)).mkdir()
        judge("segimage2itkimage", "--inputDICOM", path, "--outputDirectory", tmp_path / str(k))
        assert np.array_equal(_read_nrrd(tmp_path / str(k) / "1.nrrd", size), phantom(*size)[1][..., k])


def _lend_a_place(content: bytes, path: Path) -> Path:
    """dcmqi reads no segmentation without a position in the patient, which a radiograph has not."""
    instance = dcmread(BytesIO(content))
    position, measures = Dataset(), Dataset()
    position.ImagePositionPatient = [0, 0, 0]
    measures.PixelSpacing, measures.SliceThickness = [1, 1], 1
    measures.SpacingBetweenSlices = 1
    instance.PerFrameFunctionalGroupsSequence[0].PlanePositionSequence = Sequence([position])
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
