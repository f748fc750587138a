from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.sequence import Sequence as Items

from inference.encode.encoding import DEFAULT, Encoding
from inference.encode.segmentation import encode_segmentations
from inference.errors import TrainingRefused
from inference.train.sources import read_cases
from inference.train.sources.tables import DicomAndSeg
from inference.volume.series import read_volume
from tests.projection_image import write
from tests.unit.inference.encode.given import (
    analysed_image,
    analysed_volume,
    label_phantom,
    organ_name,
    read_phantom,
)

SHAPE = (7, 16, 24)
ORGANS = (organ_name(0), organ_name(1))


def series_with_seg(folder, *, encoding=DEFAULT, orientation=None, step=(0, 0, 2.0)):
    """A series, its SEGs as our own node writes them, and the labels that they were written from."""
    folder.mkdir(exist_ok=True)
    given = {} if orientation is None else {"orientation": orientation}
    volume = read_phantom(folder / "series", SHAPE, step=step, **given)
    labels = label_phantom(*SHAPE)
    for number, written in enumerate(encode_segmentations(analysed_volume(volume, labels), encoding)):
        (folder / f"seg{number}").write_bytes(written.result.content)
    return volume, labels


def image_with_seg(folder, *, encoding=DEFAULT):
    folder.mkdir(exist_ok=True)
    analysed = analysed_image()
    write(analysed.header, folder / "image")
    for number, written in enumerate(encode_segmentations(analysed, encoding)):
        (folder / f"seg{number}").write_bytes(written.result.content)
    return analysed.source.pixels, analysed.found.labels


def cases(folder, **changes):
    return read_cases(DicomAndSeg(kind="dicom_and_seg", **({"segments": ORGANS} | changes)), folder)


def change(folder, function, name="seg*"):
    """As a viewer might have written them."""
    for path in sorted(folder.glob(name)):
        instance = dcmread(path)
        function(instance)
        instance.save_as(path)


@pytest.mark.parametrize(
    "encoding",
    [
        Encoding(),
        Encoding(form="LABELMAP"),
        Encoding(form="LABELMAP", compression="RLE"),
        Encoding(compression="deflated"),
    ],
    ids=lambda encoding: encoding.name or "BINARY",
)
def test_what_our_node_writes_of_a_volume_is_read_to_the_voxel(tmp_path, encoding):
    volume, labels = series_with_seg(tmp_path, encoding=encoding)
    (case,) = cases(tmp_path)
    labelled = case.read()
    np.testing.assert_array_equal(labelled.field.values, volume.voxels)
    np.testing.assert_array_equal(labelled.field.affine, volume.affine)
    np.testing.assert_array_equal(labelled.truth.segments, np.stack([labels == 1, labels == 2], axis=-1))


def test_order_of_segments_is_that_of_the_recipe(tmp_path):
    _, labels = series_with_seg(tmp_path)
    (case,) = cases(tmp_path, segments=ORGANS[::-1])
    np.testing.assert_array_equal(case.read().truth.segments, np.stack([labels == 2, labels == 1], axis=-1))


@pytest.mark.parametrize(
    "encoding", [Encoding(), Encoding(form="LABELMAP")], ids=lambda encoding: encoding.name or "BINARY"
)
def test_what_our_node_writes_of_an_image_is_read_to_the_pixel(tmp_path, encoding):
    pixels, layers = image_with_seg(tmp_path, encoding=encoding)
    (case,) = cases(tmp_path, segments=("Dark", "Grey"), each="instance")
    labelled = case.read()
    assert labelled.field.values.shape == pixels.shape
    np.testing.assert_array_equal(labelled.truth.segments, layers)


def turn_frames_round(instance):
    """Frames in the opposite order: that of many viewers."""
    frames = instance.pixel_array
    order = list(range(len(frames)))[::-1]
    groups = instance.PerFrameFunctionalGroupsSequence
    instance.PerFrameFunctionalGroupsSequence = Items([groups[k] for k in order])
    packed = np.packbits(frames[order].reshape(-1), bitorder="little").tobytes()
    instance.PixelData = packed + b"\0" * (len(packed) % 2)


def test_the_order_of_frames_does_not_count(tmp_path):
    _, labels = series_with_seg(tmp_path)
    change(tmp_path, turn_frames_round)
    (case,) = cases(tmp_path)
    np.testing.assert_array_equal(case.read().truth.segments, np.stack([labels == 1, labels == 2], axis=-1))


def mirror_rows(instance):
    """Each frame upside down, and saying so."""
    frames = instance.pixel_array[:, ::-1]
    shared = instance.SharedFunctionalGroupsSequence[0]
    directions = np.array(shared.PlaneOrientationSequence[0].ImageOrientationPatient, float)
    spacing = float(shared.PixelMeasuresSequence[0].PixelSpacing[0])
    for groups in instance.PerFrameFunctionalGroupsSequence:
        position = groups.PlanePositionSequence[0]
        last = np.array(position.ImagePositionPatient, float) + (instance.Rows - 1) * spacing * directions[3:]
        position.ImagePositionPatient = [f"{each:.6f}" for each in last]
    shared.PlaneOrientationSequence[0].ImageOrientationPatient = [*directions[:3], *(-directions[3:])]
    packed = np.packbits(frames.reshape(-1), bitorder="little").tobytes()
    instance.PixelData = packed + b"\0" * (len(packed) % 2)


def test_frames_are_placed_where_they_lie_in_the_patient(tmp_path):
    _, labels = series_with_seg(tmp_path)
    change(tmp_path, mirror_rows)
    (case,) = cases(tmp_path)
    np.testing.assert_array_equal(case.read().truth.segments, np.stack([labels == 1, labels == 2], axis=-1))


def test_a_volume_that_no_axis_of_the_patient_runs_along(tmp_path):
    turn = np.deg2rad(20)
    row, column = (np.cos(turn), np.sin(turn), 0.0), (-np.sin(turn), np.cos(turn), 0.0)
    _, labels = series_with_seg(tmp_path, orientation=(*row, *column), step=(0, 0, -2.0))
    (case,) = cases(tmp_path)
    assert case.read().truth.segments[..., 0].sum() == (labels == 1).sum()


def another_series_with_the_first_segment_only(folder):
    folder.mkdir()
    read_phantom(folder / "series", SHAPE, SeriesInstanceUID="2.25.77", StudyInstanceUID="2.25.78")
    for number, path in enumerate(sorted((folder / "series").iterdir())):
        instance = dcmread(path)
        instance.SOPInstanceUID = instance.file_meta.MediaStorageSOPInstanceUID = f"2.25.77{number}"
        instance.save_as(path)
    labels = (label_phantom(*SHAPE) == 1).astype(np.uint8)
    volume = read_volume(sorted((folder / "series").iterdir()))
    (written,) = encode_segmentations(analysed_volume(volume, labels))
    (folder / "seg").write_bytes(written.result.content)


def test_a_segment_that_was_not_found_is_nowhere(tmp_path):
    series_with_seg(tmp_path / "first")
    another_series_with_the_first_segment_only(tmp_path / "second")
    present = {case.name: case.read().truth.segments.any(axis=(0, 1, 2)).tolist() for case in cases(tmp_path)}
    assert present == {"series 2.25.2": [True, True], "series 2.25.77": [True, False]}


def test_patient_and_facts_come_from_the_headers(tmp_path):
    image_with_seg(tmp_path)
    change(tmp_path, lambda each: setattr(each, "PatientAge", "047Y"), name="image")
    (case,) = cases(
        tmp_path, segments=("Dark",), each="instance", facts=("device", "sex", "age", "projection")
    )
    assert case.patient == "P-1"
    assert case.facts == {"device": "Phantoms", "sex": "M", "age": "40-49", "projection": ""}
    assert "P-1" not in case.name
    assert "2.25.3" in case.name


def test_an_image_without_a_patient_is_refused_or_told_apart_by_study(tmp_path):
    image_with_seg(tmp_path)
    change(tmp_path, lambda each: setattr(each, "PatientID", ""), name="image")
    with pytest.raises(TrainingRefused, match="StudyInstanceUID"):
        cases(tmp_path, segments=("Dark",), each="instance")
    (case,) = cases(tmp_path, segments=("Dark",), each="instance", patient="StudyInstanceUID")
    assert case.patient == "2.25.1"


def test_an_unknown_segment_is_refused_with_what_is_known(tmp_path):
    series_with_seg(tmp_path)
    with pytest.raises(TrainingRefused, match="did you mean 'Liver 1'"):
        cases(tmp_path, segments=("Liver",))


def test_a_segmentation_without_its_images_is_refused(tmp_path):
    series_with_seg(tmp_path)
    for path in (tmp_path / "series").iterdir():
        path.unlink()
    with pytest.raises(TrainingRefused, match="not below the folder"):
        cases(tmp_path)


def correct(folder):
    """The first SEG once more, a day later, without its first frame's pixels."""
    instance = dcmread(folder / "seg0")
    instance.SOPInstanceUID, instance.file_meta.MediaStorageSOPInstanceUID = "2.25.999", "2.25.999"
    instance.ContentDate = "20990101"
    frames = instance.pixel_array
    frames[0] = 0
    packed = np.packbits(frames.reshape(-1), bitorder="little").tobytes()
    instance.PixelData = packed + b"\0" * (len(packed) % 2)
    buffer = BytesIO()
    instance.save_as(buffer)
    (folder / "corrected").write_bytes(buffer.getvalue())


def test_of_two_segmentations_the_recipe_says_which_to_believe(tmp_path):
    _, labels = series_with_seg(tmp_path)
    correct(tmp_path)
    with pytest.raises(TrainingRefused, match='take = "newest"'):
        cases(tmp_path)
    (case,) = cases(tmp_path, take="newest")
    believed = case.read().truth.segments[..., 0]
    last = np.flatnonzero((labels == 1).any(axis=(1, 2)))[-1]
    assert not believed[last].any(), "the frame that was corrected away is still there"
    np.testing.assert_array_equal(believed[:last], (labels == 1)[:last])


def move_by_half_a_pixel(instance):
    for groups in instance.PerFrameFunctionalGroupsSequence:
        position = groups.PlanePositionSequence[0]
        position.ImagePositionPatient = [
            position.ImagePositionPatient[0] + 0.4,
            *position.ImagePositionPatient[1:],
        ]


def move_far(instance):
    for groups in instance.PerFrameFunctionalGroupsSequence:
        position = groups.PlanePositionSequence[0]
        position.ImagePositionPatient = [
            position.ImagePositionPatient[0] - 80,
            *position.ImagePositionPatient[1:],
        ]


def make_coarser(instance):
    instance.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing = [1.6, 0.8]


@pytest.mark.parametrize(
    ("function", "sentence"),
    [(move_by_half_a_pixel, "another grid"), (make_coarser, "another grid"), (move_far, "beyond the series")],
)
def test_a_segmentation_that_does_not_lie_on_its_series_is_refused(tmp_path, function, sentence):
    series_with_seg(tmp_path)
    change(tmp_path, function)
    (case,) = cases(tmp_path)
    with pytest.raises(TrainingRefused, match=sentence):
        case.read()


def test_a_segmentation_of_another_size_than_its_image_is_refused(tmp_path):
    image_with_seg(tmp_path)

    def cut(instance):
        frames = instance.pixel_array.reshape(instance.Rows, instance.Columns)[:-8]
        instance.Rows -= 8
        packed = np.packbits(frames.reshape(-1), bitorder="little").tobytes()
        instance.PixelData = packed + b"\0" * (len(packed) % 2)

    change(tmp_path, cut)
    (case,) = cases(tmp_path, segments=("Dark",), each="instance")
    with pytest.raises(TrainingRefused, match="own grid"):
        case.read()


def test_images_of_a_series_one_by_one(tmp_path):
    """Each instance of a CT as an image of its own; the frames find it by their references."""
    volume, labels = series_with_seg(tmp_path)
    found = {case.name.split()[-1]: case.read() for case in cases(tmp_path, each="instance")}
    assert len(found) == SHAPE[0]
    for index, source in enumerate(volume.sources):
        marked = found[str(source.SOPInstanceUID)].truth.segments
        np.testing.assert_array_equal(marked, np.stack([labels[index] == 1, labels[index] == 2], axis=-1))


def test_images_without_any_segmentation_are_said_to_be_so(tmp_path):
    read_phantom(tmp_path / "series", SHAPE)
    with pytest.raises(TrainingRefused, match=r"there is no Segmentation \(SEG\) below .*; put them beside"):
        cases(tmp_path)


def test_cut_off_pixels_are_refused(tmp_path):
    series_with_seg(tmp_path)

    def cut(instance):
        instance.PixelData = instance.PixelData[:4]

    change(tmp_path, cut)
    (case,) = cases(tmp_path)
    with pytest.raises(TrainingRefused, match="cannot be read"):
        case.read()


def lie_in_another_frame_of_reference(instance):
    instance.FrameOfReferenceUID = "2.25.4711"


def test_a_segmentation_in_another_frame_of_reference_is_refused(tmp_path):
    """Its positions are the very numbers of the series, and so are those of every phantom."""
    series_with_seg(tmp_path)
    change(tmp_path, lie_in_another_frame_of_reference, name="seg0")
    with pytest.raises(
        TrainingRefused, match=r"another Frame of Reference than its series 2\.25\.2; export it anew"
    ):
        cases(tmp_path)


def test_a_segmentation_that_is_not_believed_may_lie_elsewhere(tmp_path):
    series_with_seg(tmp_path)
    correct(tmp_path)
    change(tmp_path, lie_in_another_frame_of_reference, name="seg0")
    assert len(cases(tmp_path, take="newest")) == 1


def test_a_segmentation_that_names_no_frame_of_reference_is_placed_by_its_positions(tmp_path):
    _, labels = series_with_seg(tmp_path)
    change(tmp_path, lambda each: delattr(each, "FrameOfReferenceUID"))
    (case,) = cases(tmp_path)
    np.testing.assert_array_equal(case.read().truth.segments[..., 0], labels == 1)


@pytest.mark.parametrize("number", [None, "gone"])
def test_a_segment_without_a_number_is_refused(tmp_path, number):
    series_with_seg(tmp_path)

    def forget(instance):
        del instance.SegmentSequence[0].SegmentNumber
        if number is None:
            instance.SegmentSequence[0].SegmentNumber = None

    change(tmp_path, forget, name="seg0")
    with pytest.raises(
        TrainingRefused, match=r"Segmentation \S+ has a segment without a Segment Number; export"
    ):
        cases(tmp_path)


def test_a_frame_of_no_segment_is_refused(tmp_path):
    series_with_seg(tmp_path)

    def forget(instance):
        for frame in instance.PerFrameFunctionalGroupsSequence:
            del frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber

    change(tmp_path, forget, name="seg0")
    (case,) = cases(tmp_path)
    with pytest.raises(TrainingRefused, match="a frame without a Referenced Segment Number; export it anew"):
        case.read()
