import numpy as np
import pytest

from inference.errors import InputUnreadable
from inference.gate.judgement import Judgement
from inference.pipeline.source import Source, read_source
from inference.pipeline.stopwatch import Stopwatch
from tests.labels_package import labels_phantom
from tests.model_package import MANIFEST
from tests.projection_image import projection_image, write
from tests.unit.inference.encode.given import manifest_of, volume_manifest
from tests.unit.inference.volume.stacks import write_stack


def test_an_image_is_let_in_with_its_pixels_and_the_area_of_one(tmp_path):
    path = write(projection_image(PixelSpacing=[0.5, 0.25]), tmp_path / "instance")
    found = read_source(manifest_of(MANIFEST), [path], Stopwatch())
    assert isinstance(found, Source)
    assert found.field.affine is None
    assert found.field.values.shape == (found.source.header.Rows, found.source.header.Columns)
    assert found.pixel_mm2 == pytest.approx(0.125)


def test_an_image_of_another_kind_is_judged_before_its_pixels_are_read(tmp_path):
    image = projection_image(Modality="US")
    image.PixelData = b""  # reading it would be an error
    found = read_source(manifest_of(MANIFEST), [write(image, tmp_path / "instance")], Stopwatch())
    assert isinstance(found, Judgement)
    assert "Modality" in " ".join(found.refusals)


def test_two_files_are_not_one_image(tmp_path):
    paths = [write(projection_image(), tmp_path / name) for name in ("one", "two")]
    with pytest.raises(InputUnreadable, match="reads one instance; 2 were given"):
        read_source(manifest_of(MANIFEST), paths, Stopwatch())


def test_a_series_is_a_volume_with_its_place_in_the_patient(tmp_path):
    paths = write_stack(tmp_path, labels_phantom() + 1000)
    found = read_source(volume_manifest(), paths, Stopwatch())
    assert isinstance(found, Source)
    assert np.array_equal(found.field.values, labels_phantom())
    assert np.array_equal(found.field.affine, found.source.affine)
    assert found.pixel_mm2 is None


def test_what_it_took_is_timed_by_station(tmp_path):
    watch = Stopwatch()
    read_source(manifest_of(MANIFEST), [write(projection_image(), tmp_path / "instance")], watch)
    assert {name for name, seconds in watch.seconds.items() if seconds} == {"load", "gate"}
