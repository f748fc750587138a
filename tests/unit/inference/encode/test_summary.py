from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread

from inference.encode import summary
from inference.encode.analysed import Instances
from inference.encode.preview import draw_picture
from inference.encode.summary import encode_summary
from tests.unit.inference.encode.given import (
    NOW,
    analysed_boxes,
    analysed_classes,
    analysed_image,
    analysed_volume,
)


@pytest.fixture
def said(monkeypatch):
    """The entries below the picture; the picture is drawn all the same."""
    told = []
    real = summary.with_legend

    def with_legend(picture, entries):
        told.extend(entries)
        return real(picture, entries)

    monkeypatch.setattr(summary, "with_legend", with_legend)
    return told


def _read(made):
    return dcmread(BytesIO(encode_summary(made).content))


@pytest.mark.parametrize("task", ["image", "volume", "boxes", "classes"])
def test_the_picture_is_in_it_pixel_for_pixel(volume, task):
    made = {
        "image": analysed_image,
        "volume": lambda: analysed_volume(volume),
        "boxes": analysed_boxes,
        "classes": analysed_classes,
    }[task]()
    picture = draw_picture(made)
    instance = _read(made)
    assert np.array_equal(instance.pixel_array[: len(picture), : picture.shape[1]], picture)
    assert (instance.PhotometricInterpretation, instance.BurnedInAnnotation) == ("RGB", "NO")


def test_every_finding_is_told_in_its_colour(said):
    made = analysed_image()
    encode_summary(made)
    colours = {entry.text.partition(":")[0]: entry.colour for entry in said if entry.colour}
    assert colours == {each.label: each.colour_rgb for each in made.manifest.output.segment}


def test_what_is_not_found_is_not_told(said, empty_labels):
    encode_summary(analysed_image(labels=empty_labels))
    assert [entry.text for entry in said][-1] == "Nothing was found."
    assert not [entry for entry in said if entry.colour]


def test_a_reader_learns_that_it_is_for_research_and_why_to_look(said):
    encode_summary(analysed_image(remarks=("the image is upside down",)))
    texts = [entry.text for entry in said]
    assert texts[0] == "For research only: not a medical device, not for diagnosis."
    assert texts[-1] == "the image is upside down"


def test_it_is_an_instance_of_the_study_made_now(volume):
    instance = _read(analysed_volume(volume))
    assert str(instance.PatientName) == "M\u00fcller^J\u00f6rg"
    assert (instance.SeriesNumber, instance.SeriesDescription) == (393, "shades 1.2.3 summary")
    assert instance.ContentDate == NOW.strftime("%Y%m%d")
    assert instance.SourceImageSequence[0].ReferencedSOPInstanceUID == volume.sources[0].SOPInstanceUID


def test_made_again_it_is_the_same(volume):
    assert encode_summary(analysed_volume(volume)) == encode_summary(analysed_volume(volume))
    other = replace(analysed_volume(volume), digest="cd" * 32)
    assert encode_summary(other).sop_instance_uid != encode_summary(analysed_volume(volume)).sop_instance_uid


def test_without_an_image_there_is_no_picture(volume):
    made = replace(analysed_volume(volume), source=Instances(headers=volume.sources))
    with pytest.raises(ValueError, match="no image to show"):
        encode_summary(made)
