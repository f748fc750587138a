import shutil
import time
import warnings
from datetime import UTC, datetime
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.config import disable_value_validation

from inference.errors import InputUnreadable, PackageInvalid
from inference.package.checksums import seal
from inference.pipeline import STATIONS, Stopwatch, analyse, load_model
from tests.model_package import MANIFEST, phantom
from tests.projection_image import projection_image, write

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def model(package):
    return load_model(package)


@pytest.fixture
def run(model, tmp_path):
    def run(**attributes):
        return analyse(model, [write(projection_image(**attributes), tmp_path / "instance")], now=NOW)

    return run


def _dice(mask, expected):
    return 2 * np.count_nonzero(mask & expected) / (mask.sum() + expected.sum())


def _mask(result):
    return dcmread(BytesIO(result.content)).pixel_array


class TestLoadModel:
    def test_a_good_package_is_ready(self, package, model):
        assert (model.folder, model.manifest.model.name) == (package, "shades")
        assert len(model.digest) == 64
        assert model.envelope is not None

    def _changed(self, package, tmp_path, change):
        folder = shutil.copytree(package, tmp_path / "copy")
        change(folder)
        return folder

    def _refusal(self, folder):
        with pytest.raises(PackageInvalid) as caught:
            load_model(folder)
        return str(caught.value)

    def test_sums_come_before_everything(self, package, tmp_path):
        folder = self._changed(package, tmp_path, lambda f: (f / "model.toml").write_text("broken ["))
        assert "changed since the package was sealed" in self._refusal(folder)

    def _rewritten(self, package, tmp_path, old, new):
        folder = shutil.copytree(package, tmp_path / "copy")
        (folder / "model.toml").write_text(MANIFEST.replace(old, new))
        seal(folder)
        return folder

    @pytest.mark.parametrize(
        ("old", "new", "sentence"),
        [
            ("SCT.Lung", "SCT.Lungg", "did you mean 'SCT.Lung'"),
            ('output = "probabilities"', 'output = "maps"', "output is 'maps'"),
            ("channel = 1", "channel = 2", "not among the 2"),
            ("at_least = 0.5", "at_least = 0.0001", "labels overlap with the golden case"),
            ("columns = 128", "columns = 64", "golden case cannot be run"),
            ('[[postprocess]]\nstep = "threshold"', '[[postprocess]]\nstep = "treshold"', "postprocess"),
        ],
    )
    def test_a_manifest_that_does_not_fit_is_refused(self, package, tmp_path, old, new, sentence):
        assert sentence in self._refusal(self._rewritten(package, tmp_path, old, new))

    def test_other_weights_are_refused_by_the_golden_case(self, package, tmp_path):
        folder = shutil.copytree(package, tmp_path / "copy")
        with np.load(folder / "golden" / "case.npz") as case:
            arrays = {name: case[name].copy() for name in case}
        arrays["probabilities"][0, 0, 0] += 0.1
        np.savez(folder / "golden" / "case.npz", **arrays)
        seal(folder)
        assert "probabilities differ by 0.1" in self._refusal(folder)


class TestAnalyse:
    def test_the_masks_lie_where_the_phantom_is(self, run):
        outcome = run(rows=641, columns=523)
        assert (outcome.verdict, outcome.reasons) == ("accepted", ())
        assert [result.kind for result in outcome.results] == ["SEG", "SEG", "SR"]
        dark = _mask(outcome.results[0])
        expected = phantom(641, 523)[1][..., 0]
        assert _dice(dark, expected) > 0.96
        for turned in (dark[::-1], dark[:, ::-1], dark[::-1, ::-1]):
            assert _dice(turned, expected) < 0.75

    @pytest.mark.parametrize(
        "attributes",
        [
            {"rows": 523, "columns": 641},
            {"bits_stored": 8},
            {"bits_stored": 16, "signed": True},
            {"modality": "DX", "photometric": "MONOCHROME1"},
            {"RescaleSlope": "2", "RescaleIntercept": "-1000"},
        ],
    )
    def test_the_kind_of_device_makes_no_difference(self, run, attributes):
        outcome = run(**attributes)
        expected = phantom(attributes.get("rows", 641), attributes.get("columns", 523))[1][..., 0]
        assert _dice(_mask(outcome.results[0]), expected) > 0.95

    def test_confidence_and_areas_are_told(self, run):
        outcome = run(ImagerPixelSpacing=[0.2, 0.1])
        assert set(outcome.confidence) == {"Dark", "Grey"}
        assert 0.9 < outcome.confidence["Dark"] <= 1
        dark = outcome.measurements[0]
        assert (dark.segment, dark.region, dark.unit) == ("Dark", 1, "mm2")
        assert dark.value == pytest.approx(int(_mask(outcome.results[0]).sum()) * 0.02)

    def test_every_station_is_timed(self, run):
        seconds = run().seconds
        assert tuple(seconds) == STATIONS
        assert all(value > 0 for value in seconds.values())

    def test_a_preview_is_drawn(self, run):
        assert run().preview_png.startswith(b"\x89PNG")

    def test_run_twice_it_is_the_same_bytes(self, run):
        assert run().results == run().results

    @pytest.mark.parametrize(
        ("attributes", "reason"),
        [
            ({"NumberOfFrames": 2}, "2 frames"),
            ({"PhotometricInterpretation": "RGB", "SamplesPerPixel": 3}, "RGB"),
            ({"rows": 63, "columns": 200}, "smaller than 64 x 64"),
            ({"PixelData": bytes(641 * 523 * 2)}, "blank"),
        ],
    )
    def test_the_gate_refuses_with_a_reason(self, run, attributes, reason):
        outcome = run(**attributes)
        assert outcome.verdict == "refused"
        assert len(outcome.reasons) == 1
        assert reason in outcome.reasons[0]
        assert (outcome.results, outcome.preview_png, outcome.measurements) == ((), None, ())

    def _flagged(self, run, tmp_path, image):
        pixels = np.round(image * 4095).astype(np.uint16)
        return run(rows=image.shape[0], columns=image.shape[1], PixelData=pixels.tobytes())

    def test_what_is_unlike_the_training_images_is_flagged(self, run, tmp_path):
        image = np.where(phantom(400, 400)[0] == 1, 0.25, phantom(400, 400)[0])
        image[:4] = 1
        outcome = self._flagged(run, tmp_path, image)
        assert outcome.verdict == "flagged"
        assert "unlike the training images" in outcome.reasons[0]
        assert "unlike the training images" in dcmread(BytesIO(outcome.results[-1].content)).to_json()

    def test_a_missing_segment_is_flagged_and_not_written(self, run, tmp_path):
        image = np.ones((128, 128))
        image[20:60, 30:90] = 0
        outcome = self._flagged(run, tmp_path, image)
        assert (outcome.verdict, outcome.reasons) == ("flagged", ("nothing was found of Grey",))
        assert [result.kind for result in outcome.results] == ["SEG", "SR"]
        assert np.array_equal(_mask(outcome.results[0]), image == 0)

    def test_nothing_found_at_all_is_flagged_without_results(self, run, tmp_path):
        image = np.ones((128, 128))
        image[60:65, 60:65] = 0
        outcome = self._flagged(run, tmp_path, image)
        assert outcome.verdict == "flagged"
        assert outcome.reasons[:2] == ("nothing was found of Dark", "nothing was found of Grey")
        assert (outcome.results, outcome.measurements) == ((), ())
        assert outcome.confidence == {"Dark": 0, "Grey": 0}
        assert outcome.preview_png is not None

    def test_a_corrupt_instance_is_unreadable(self, model, tmp_path):
        path = write(projection_image(), tmp_path / "instance")
        path.write_bytes(path.read_bytes()[:-1000])
        with pytest.raises(InputUnreadable, match="cannot be decoded"):
            analyse(model, [path], now=NOW)

    @pytest.mark.parametrize("number", [0, 2])
    def test_one_instance_at_a_time(self, model, tmp_path, number):
        with pytest.raises(InputUnreadable, match=f"{number} were given"):
            analyse(model, [tmp_path / "instance"] * number, now=NOW)

    def test_nothing_of_the_patient_is_told_to_logs(self, model, tmp_path, caplog):
        attributes = {"PatientBirthDate": "1970.13.45", "PatientID": "P" * 80, "PatientSex": "Xyz"}
        with disable_value_validation():
            instance = projection_image(PatientName="Müller^Jörg^^^^^^", StudyDate="yesterday", **attributes)
            path = write(instance, tmp_path / "instance")
        caplog.clear()
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            analyse(model, [path], now=NOW)
        told = caplog.text + "".join(str(warning.message) for warning in warned)
        assert not {secret for secret in ("1970", "Müller", "PPPP", "Xyz", "yesterday") if secret in told}


class TestStopwatch:
    def test_a_station_entered_twice_adds_up(self):
        watch = Stopwatch()
        for _ in range(2):
            with watch.station("gate"):
                time.sleep(0.01)
        assert watch.seconds["gate"] >= 0.02
        assert watch.seconds["load"] == 0

    def test_an_error_is_timed_too(self):
        watch = Stopwatch()
        with pytest.raises(KeyError), watch.station("load"):
            raise KeyError
        assert watch.seconds["load"] > 0
