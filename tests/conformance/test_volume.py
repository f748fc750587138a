"""SEG and SR of volumes before judges that are not ours: dciodvfy, dcmqi, dsrdump, and readers of others.

dciodvfy of Debian (dicom3tools 1.00~20220618) was made before Label Map Segmentation Storage; what it says of one is
listed here, and nothing else is let pass.
"""

import itertools
import json
from io import BytesIO

import highdicom as hd
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import ExplicitVRLittleEndian

from inference.encode.encoding import Encoding
from inference.encode.results import encode_results
from tests.conformance.nrrd import read_nrrd
from tests.unit.inference.encode.given import (
    analysed_volume,
    label_phantom,
    organ_name,
    read_phantom,
)

pytestmark = pytest.mark.real_neighbours

SHAPE = (7, 16, 24)
KINDS = {
    "axial": {},
    "odd size": {"shape": (7, 11, 13)},
    "enhanced": {"is_enhanced": True},
    "tilted": {"step": (0, 0.9, 2.0)},
    "sagittal": {"orientation": (0, 1, 0, 0, 0, -1), "step": (1.5, 0, 0)},
    "oblique": {"orientation": (0.8, 0.6, 0, 0, 0, -1), "step": (-1.8, 2.4, 0)},
    "anisotropic": {"PixelSpacing": [1.7, 0.4], "step": (0, 0, 5.0)},
    "no frame of reference": {"FrameOfReferenceUID": None},
    "no patient": {"PatientName": "", "PatientID": "", "PatientBirthDate": "", "PatientSex": ""},
    "Japanese": {"SpecificCharacterSet": ["", "ISO 2022 IR 87"], "PatientName": "Yamada^Tarou=山田^太郎"},
    "Korean": {
        "SpecificCharacterSet": ["", "ISO 2022 IR 149"],
        "PatientName": "Hong^Gildong=洪^吉洞=홍^길동",
    },
    "Chinese": {"SpecificCharacterSet": "GB18030", "PatientName": "Wang^XiaoDong=王^小东"},
    "UTF-8": {"SpecificCharacterSet": "ISO_IR 192", "PatientName": "Wang^XiaoDong=王^小东"},
    "another time zone": {"TimezoneOffsetFromUTC": "-0400"},
}
# Label Map Segmentation Storage came in 2024: segment 0, the background, is its own (PS3.3 C.8.20.2) and comes after
# the two others; the class is not known as one of segmentations, so neither is a reference to one of its segments.
NOT_YET_KNOWN = {
    "Error - SegmentNumber not monotonically increasing from one by one - have SegmentSequence item number 3 "
    "(from one) with SegmentNumber of 0",
    "Error - Information Object Not found",
    "Error - Shall not be present for Referenced SOP Class that is not segmentation - attribute "
    "<ReferencedSegmentNumber>",
}


def _read(folder, kind):
    given = dict(KINDS[kind])
    return read_phantom(folder / "series", given.pop("shape", SHAPE), **given)


@pytest.mark.parametrize("kind", KINDS)
def test_dciodvfy_finds_no_error(tmp_path, errors_of, kind):
    results = encode_results(analysed_volume(_read(tmp_path, kind)))
    assert [result.kind for result in results] == ["SEG", "SR"]
    for result in results:
        assert errors_of(result.content) == []


def test_dciodvfy_finds_no_error_in_a_deflated_one(tmp_path, errors_of):
    """dciodvfy cannot inflate: what it judges is the data set after pydicom has."""
    seg, _ = encode_results(analysed_volume(_read(tmp_path, "axial")), Encoding(compression="deflated"))
    instance = dcmread(BytesIO(seg.content))
    instance.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    inflated = BytesIO()
    instance.save_as(inflated, enforce_file_format=True)
    assert errors_of(inflated.getvalue()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_others_read_every_voxel(tmp_path, kind):
    volume = _read(tmp_path, kind)
    labels = label_phantom(*volume.voxels.shape, segments=3)
    seg, _ = encode_results(analysed_volume(volume, labels))
    assert np.array_equal(_by_place(seg.content, volume), labels)


def _by_place(content: bytes, volume) -> np.ndarray:
    """pydicom's frames, each put where its own position says; no index of ours is asked."""
    instance = dcmread(BytesIO(content))
    labels = np.zeros(volume.voxels.shape, np.uint8)
    inverse = np.linalg.inv(volume.affine)
    frames = instance.pixel_array.reshape(-1, instance.Rows, instance.Columns)
    for frame, group in zip(frames, instance.PerFrameFunctionalGroupsSequence, strict=True):
        place = inverse @ [*group.PlanePositionSequence[0].ImagePositionPatient, 1]
        assert np.allclose(place[1:3], 0, atol=0.01)
        number = group.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        labels[round(place[0])][frame > 0] = number
    return labels


AXES = [
    (first, second)
    for first, second in itertools.product([*np.eye(3), *-np.eye(3)], repeat=2)
    if not np.any(first * second)
]


@pytest.mark.parametrize(
    "axes", AXES, ids=lambda axes: "".join("xyz-"[int(i)] for a in axes for i in [np.argmax(np.abs(a))])
)
def test_dcmqi_finds_every_voxel_in_its_place(tmp_path, judge, axes):
    """In all 24 orientations of the axes: index and place as dcmqi writes them, beside ours."""
    along_row, along_column = axes
    volume = read_phantom(
        tmp_path / "series",
        SHAPE,
        orientation=(*along_row, *along_column),
        step=2.5 * np.cross(along_row, along_column),
        PixelSpacing=[0.9, 0.7],
    )
    _compare_with_dcmqi(tmp_path, judge, volume)


def test_dcmqi_reads_an_enhanced_source_too(tmp_path, judge):
    _compare_with_dcmqi(tmp_path, judge, _read(tmp_path, "enhanced"))


def _compare_with_dcmqi(tmp_path, judge, volume):
    labels = label_phantom(*volume.voxels.shape, segments=3)
    seg, _ = encode_results(analysed_volume(volume, labels))
    (tmp_path / "seg.dcm").write_bytes(seg.content)
    (tmp_path / "out").mkdir()
    judge("segimage2itkimage", "--inputDICOM", tmp_path / "seg.dcm", "--outputDirectory", tmp_path / "out")
    for number in (1, 2, 3):
        mask, affine = read_nrrd(tmp_path / "out" / f"{number}.nrrd")
        theirs = np.argwhere(mask) @ affine[:3, :3].T + affine[:3, 3]
        ours = np.argwhere(labels == number) @ volume.affine[:3, :3].T + volume.affine[:3, 3]
        assert _sorted(theirs) == _sorted(ours)


def _sorted(places: np.ndarray) -> list[tuple[float, ...]]:
    return sorted(map(tuple, (np.round(places, 2) + 0.0).tolist()))


def test_dcmqi_reads_the_measurements(tmp_path, judge):
    made = analysed_volume(_read(tmp_path, "axial"))
    (tmp_path / "report.dcm").write_bytes(encode_results(made)[1].content)
    judge("tid1500reader", "--inputDICOM", tmp_path / "report.dcm", "--outputMetadata", tmp_path / "r.json")
    groups = json.loads((tmp_path / "r.json").read_text())["Measurements"]
    whole = [group for group in groups if "Volume" in _meanings(group)]
    assert [group["TrackingIdentifier"] for group in whole] == [organ_name(0), organ_name(1)]
    told = [
        float(item["value"]) for group in whole for item in group["measurementItems"] if _is(item, "Volume")
    ]
    volumes = [each.value for each in made.measured if each.kind == "volume"]
    assert told == pytest.approx(volumes, rel=1e-3)


def _meanings(group):
    return [item["quantity"]["CodeMeaning"] for item in group["measurementItems"]]


def _is(item, meaning):
    return item["quantity"]["CodeMeaning"] == meaning


@pytest.mark.parametrize("kind", ["axial", "enhanced", "tilted"])
def test_dsrdump_reads_the_whole_tree(tmp_path, judge, kind):
    (tmp_path / "report.dcm").write_bytes(encode_results(analysed_volume(_read(tmp_path, kind)))[1].content)
    said = judge("dsrdump", "+Pl", tmp_path / "report.dcm")
    assert not [line for line in said.splitlines() if line.startswith(("E:", "F:", "W:"))], said
    assert said.count('"Measurement Group"') == 4
    assert said.count("SCOORD") == 2
    assert "For research only" in said


@pytest.mark.parametrize("compression", ["native", "deflated", "RLE", "JPEG-LS"])
@pytest.mark.parametrize("shape", [SHAPE, (7, 11, 13)])
def test_a_label_map_is_read_voxel_for_voxel(tmp_path, errors_of, compression, shape):
    volume = read_phantom(tmp_path / "series", shape)
    labels = label_phantom(*shape, segments=3)
    seg, report = encode_results(
        analysed_volume(volume, labels), Encoding(form="LABELMAP", compression=compression)
    )
    assert set(errors_of(report.content)) <= NOT_YET_KNOWN
    read = hd.seg.segread(BytesIO(seg.content)).get_pixels_by_source_instance(
        [source.SOPInstanceUID for source in volume.sources],
        combine_segments=True,
        assert_missing_frames_are_empty=True,
    )
    assert np.array_equal(read, labels)
    by_pydicom = dcmread(BytesIO(seg.content)).pixel_array
    marked = labels[labels.any(axis=(1, 2))][::-1]
    assert np.array_equal(by_pydicom, marked)


def test_dciodvfy_says_of_a_label_map_what_is_known_to_be_false(tmp_path, judge):
    made = analysed_volume(_read(tmp_path, "axial"))
    seg, _ = encode_results(made, Encoding(form="LABELMAP"))
    (tmp_path / "seg.dcm").write_bytes(seg.content)
    said = judge("dciodvfy", tmp_path / "seg.dcm").splitlines()
    errors = {line for line in said if line.startswith("Error")}
    assert errors and errors <= NOT_YET_KNOWN
