"""The gate as a whole on constructed cases; ``-s`` prints them as a table.

The CT is drawn (see ``series``), unless INFERENCE_TEST_DATA names a folder with the public data of the model cards:
then the same cases are made of a real CT, a real MR and 114 real chest radiographs as well.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.data import get_testdata_file

import inference
from inference.errors import GeometryRefused
from inference.gate.judge import judge_headers, judge_prepared, judge_volume
from inference.gate.judgement import Judgement
from inference.package.declared import Range
from inference.package.envelope import Envelope, read_envelope
from inference.package.gate import Gate
from inference.package.input import Input
from inference.package.manifest import read_manifest
from inference.preprocess import preprocess
from inference.preprocess.field import Field
from inference.train.envelope import look_at, write_looks
from inference.volume.series import read_volume
from tests.unit.inference.gate.series import (
    ct,
    gapped,
    read,
    shuffled,
    trunk,
    unchanged,
    with_attributes,
    with_pixels,
    written,
)

CT = Input.model_validate(
    {"each": "series", "Modality": ["CT"], "BodyPartExamined": ["CHEST", "ABDOMEN", "PARTIALBODY"]}
)
AXIAL = Gate(slices=Range(at_least=10), slice_spacing_mm=Range(at_most=5), planes=["axial"])

_MR_VALUES = with_pixels(lambda pixels: (pixels - pixels.min()) // 3)

CASES = [
    ("in domain", unchanged, "accepted", None),
    ("files in another order", lambda series: series.reverse(), "accepted", None),
    ("MR given as CT, by its header", with_attributes(Modality="MR"), "refused", "Modality is MR"),
    ("MR given as CT, by its values", _MR_VALUES, "refused", "no Hounsfield units"),
    ("another body part", with_attributes(BodyPartExamined="KNEE"), "refused", "BodyPartExamined is KNEE"),
    ("upside down", with_pixels(lambda pixels: pixels[::-1]), "flagged", "upside down"),
    (
        "turned by 180 degrees",
        with_pixels(lambda pixels: pixels[::-1, ::-1]),
        "flagged",
        "table lies in front",
    ),
    ("prone by its header", with_attributes(PatientPosition="HFP"), "flagged", "Patient Position HFP"),
    ("inverted intensities", with_pixels(lambda pixels: 200 - pixels), "refused", "no Hounsfield units"),
    ("shuffled positions", shuffled, "flagged", "out of order"),
    ("blank", with_pixels(np.zeros_like), "refused", "blank"),
    ("slices lost", lambda series: with_pixels(np.zeros_like)(series[10:12]), "flagged", "2 of"),
    ("gapped", gapped, "refused", "gap|missing|apart"),
    ("a scout", with_attributes(ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"]), "refused", "localizer"),
    (
        "too few slices",
        lambda series: series.__delitem__(slice(6, None)),
        "refused",
        "the series has 6 slices",
    ),
    ("too coarse", lambda series: series.__delitem__(slice(1, None, 2)), "refused", "mm apart"),
]


def _judge(series, folder: Path, wanted: Input, gate: Gate) -> Judgement:
    """The gate as an analysis asks it, from files."""
    try:
        volume = read_volume(written(series, folder))
    except GeometryRefused as error:
        return Judgement(refusals=(str(error),))
    return judge_headers(volume.sources, wanted) + judge_volume(volume, gate)


@pytest.fixture(scope="module")
def table() -> Iterator[list[str]]:
    lines: list[str] = []
    yield lines
    sys.stdout.write("\n" + "\n".join(lines) + "\n")


def _data() -> Path:
    named = os.environ.get("INFERENCE_TEST_DATA")
    if not named:
        pytest.skip(
            "set INFERENCE_TEST_DATA to the folder with cxr_hannover, ct_totalseg, mr_t1_studyforrest"
        )
    return Path(named)


@pytest.fixture(params=["drawn", "real"])
def body(request):
    if request.param == "drawn":
        return "drawn CT", lambda: ct(trunk())
    folder = _data() / "ct_totalseg" / "example_ct_dicom"
    return "real CT", lambda: read(folder)


@pytest.mark.parametrize(("case", "change", "verdict", "reason"), CASES, ids=[case[0] for case in CASES])
def test_a_ct_model_and_what_comes_to_it(body, case, change, verdict, reason, tmp_path, table):
    name, make = body
    series = make()
    if name == "real CT" and case in ("too coarse", "slices lost"):
        series = series[:: 2 if case == "too coarse" else 1]
    change(series)
    judgement = _judge(series, tmp_path / "series", CT, AXIAL)
    table.append(f"{name:12} {case:34} {judgement.verdict:9} {'; '.join(judgement.reasons)}")
    assert judgement.verdict == verdict, judgement.reasons
    if reason is not None:
        assert any(word in each for each in judgement.reasons for word in reason.split("|")), (
            judgement.reasons
        )


class TestMagneticResonance:
    """A drawn MR (no value below zero), and every eighth slice of a real head."""

    @pytest.fixture(params=["drawn", "real"])
    def head(self, request):
        if request.param == "drawn":
            series = ct(np.where(trunk() < -500, 20, trunk() + 300).astype(np.int16))
            with_attributes(Modality="MR")(series)
            return "drawn MR", series
        paths = sorted((_data() / "mr_t1_studyforrest" / "dicoms").iterdir())[::8]
        return "real MR", [dcmread(path) for path in paths]

    @pytest.mark.parametrize(
        ("case", "change", "wanted", "verdict", "reason"),
        [
            ("in domain", unchanged, "MR", "accepted", ""),
            ("to a CT model", unchanged, "CT", "refused", "Modality is MR, but must be CT"),
            ("called CT", with_attributes(Modality="CT"), "CT", "refused", "no Hounsfield units"),
            ("inverted", with_pixels(lambda pixels: 900 - pixels), "MR", "flagged", "look inverted"),
            ("shuffled positions", shuffled, "MR", "flagged", "out of order"),
            ("gapped", gapped, "MR", "refused", "gap|missing|apart"),
        ],
    )
    def test_what_comes_of_it(self, head, case, change, wanted, verdict, reason, tmp_path, table):
        name, series = head
        change(series)
        judgement = _judge(
            series, tmp_path, Input.model_validate({"each": "series", "Modality": [wanted]}), Gate()
        )
        table.append(f"{name:12} {case:34} {judgement.verdict:9} {'; '.join(judgement.reasons)}")
        assert judgement.verdict == verdict, judgement.reasons
        assert any(word in "; ".join(judgement.reasons) for word in reason.split("|"))


def test_a_real_head_is_accepted(table):
    paths = sorted((_data() / "mr_t1_studyforrest" / "dicoms").iterdir())
    volume = read_volume(paths)
    judgement = judge_headers(volume.sources, Input.model_validate({"each": "series", "Modality": ["MR"]}))
    judgement += judge_volume(volume, AXIAL)
    table.append(f"{'real MR':12} {'in domain, 384 slices':34} {judgement.verdict:9}")
    assert judgement.verdict == "accepted", judgement.reasons


class TestRadiographs:
    """114 chest radiographs of 39 patients: each is judged by an envelope of the other patients alone."""

    STEPS = read_manifest(Path(inference.__file__).parent / "models" / "cxr_lungs-1.1.0").preprocess

    @pytest.fixture(scope="class")
    def pictures(self):
        folder = _data() / "cxr_hannover"
        labels = json.loads((folder / "labels.json").read_text())
        return [
            (
                each["patient_id"],
                np.asarray(Image.open(folder / "images" / each["image"]).convert("F"), np.float32),
            )
            for each in labels
        ]

    @pytest.fixture(scope="class")
    def envelopes(self, pictures, tmp_path_factory) -> dict[str, Envelope]:
        looks = [
            (patient, look_at(Field(values=picture, affine=None), self.STEPS))
            for patient, picture in pictures
        ]
        found = {}
        for patient in {patient for patient, _ in pictures}:
            folder = tmp_path_factory.mktemp("envelope")
            write_looks(folder / "envelope.npz", [look for other, look in looks if other != patient])
            found[patient] = read_envelope(folder)
        return found

    def _judge(self, picture, envelope):
        prepared, _ = preprocess(Field(values=np.ascontiguousarray(picture), affine=None), self.STEPS)
        return judge_prepared(prepared.values, None, envelope)

    @pytest.mark.parametrize(
        ("case", "turn", "least", "most"),
        [
            ("in domain", lambda picture: picture, 0, 0.01),
            ("upside down", lambda picture: picture[::-1], 0.97, 1),
            ("turned by 180 degrees", lambda picture: picture[::-1, ::-1], 0.97, 1),
            ("turned by 90 degrees", np.rot90, 0.97, 1),
            ("inverted intensities", lambda picture: picture.max() - picture, 0.97, 1),
        ],
    )
    def test_share_that_is_flagged(self, pictures, envelopes, case, turn, least, most, table):
        flagged = [
            patient
            for patient, picture in pictures
            if self._judge(turn(picture), envelopes[patient]).verdict == "flagged"
        ]
        share = len(flagged) / len(pictures)
        table.append(f"{'radiographs':12} {case:34} {len(flagged)} of {len(pictures)} flagged, {share:.2%}")
        assert least <= share <= most

    def test_a_chest_of_elsewhere_passes_and_an_extremity_does_not(self, pictures, envelopes, table):
        envelope = next(iter(envelopes.values()))
        for name, verdict in (("RG1_UNCR.dcm", "accepted"), ("RG3_UNCR.dcm", "flagged")):
            path = get_testdata_file(name, read=False, download=False)
            if not path:
                pytest.skip("pip install pydicom-data")
            instance = dcmread(path)
            pixels = instance.pixel_array.astype(np.float32)
            if instance.PhotometricInterpretation == "MONOCHROME1":
                pixels = pixels.max() + pixels.min() - pixels
            judgement = self._judge(pixels, envelope)
            case, reasons = f"{instance.BodyPartExamined} of pydicom-data", "; ".join(judgement.reasons)
            table.append(f"{'radiographs':12} {case:34} {judgement.verdict:9} {reasons}")
            assert judgement.verdict == verdict
