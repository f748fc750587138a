from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from pydicom import config, dcmread

from inference.encode.encoding import DEFAULT, Encoding
from inference.encode.forms import encode_forms
from inference.encode.others import encode_others
from tests.unit.inference.encode.given import analysed_classes, analysed_image, analysed_volume, read_phantom


def _asking(made, *also):
    results = made.manifest.results.model_copy(update={"also": list(also)})
    return replace(made, manifest=made.manifest.model_copy(update={"results": results}))


def _kinds(results):
    return [result.kind for result in results]


def test_only_what_is_asked_for_is_written():
    assert encode_others(analysed_image()) == ()
    assert _kinds(encode_others(_asking(analysed_image(), "presentation_state"))) == ["PR"]


def test_everything_of_a_volume(volume):
    made = _asking(analysed_volume(volume), "summary", "presentation_state", "probability_map")
    made = replace(made, probabilities=np.zeros((2, *volume.voxels.shape), np.float32))
    assert _kinds(encode_others(made)) == ["SC", "PR", "PM", "PM"]


def test_nothing_to_draw_is_no_presentation_state(empty_labels):
    asked = _asking(analysed_image(labels=empty_labels), "summary", "presentation_state")
    assert _kinds(encode_others(asked)) == ["SC"]
    assert _kinds(encode_others(_asking(analysed_classes(), "summary"))) == ["SC"]


def test_maps_that_were_not_kept_are_a_mistake_of_ours(volume):
    with pytest.raises(ValueError, match="where they were kept"):
        encode_others(_asking(analysed_volume(volume), "probability_map"))


def test_they_are_written_once_for_every_form(volume):
    labelmap = Encoding(form="LABELMAP")
    made = encode_forms(_asking(analysed_volume(volume), "summary"), [DEFAULT, labelmap])
    (summary,) = [result for result in made if result.kind == "SC"]
    assert summary.encodings == (DEFAULT, labelmap)
    assert len({result.sop_instance_uid for result in made}) == len(made) == 5


def _every_kind(folder, **attributes):
    volume = read_phantom(folder / "series", **attributes)
    made = _asking(analysed_volume(volume), "summary", "presentation_state", "probability_map")
    made = replace(made, probabilities=np.zeros((2, *volume.voxels.shape), np.float32))
    return [dcmread(BytesIO(result.content)) for result in encode_forms(made, [DEFAULT])]


@pytest.mark.parametrize(
    ("character_set", "name"),
    [
        ("ISO_IR 100", "Müller^Jörg"),
        ("ISO_IR 192", "Wang^XiaoDong=王^小东"),
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎"),
        (["", "ISO 2022 IR 149"], "Hong^Gildong=洪^吉洞=홍^길동"),
        ("GB18030", "Wang^XiaoDong=王^小东"),
    ],
)
def test_a_name_in_any_script_is_kept_in_every_kind(tmp_path, character_set, name):
    instances = _every_kind(tmp_path, SpecificCharacterSet=character_set, PatientName=name)
    assert [each.Modality for each in instances] == ["SEG", "SR", "OT", "PR", "OT", "OT"]
    for instance in instances:
        assert str(instance.PatientName) == name
        assert instance.SpecificCharacterSet == character_set


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("PatientBirthDate", "1970.13.45"),
        ("StudyDate", "yesterday"),
        ("PatientSex", "Xyz"),
        ("PatientID", "P" * 80),
        ("AccessionNumber", None),
        ("SeriesNumber", "-7"),
        ("WindowWidth", "0"),
    ],
)
def test_a_header_out_of_form_spoils_none_of_them(tmp_path, keyword, value):
    with config.disable_value_validation():
        for instance in _every_kind(tmp_path, **{keyword: value}):
            assert instance.StudyInstanceUID == "2.25.1"
            if value is not None and keyword in ("PatientBirthDate", "StudyDate", "PatientSex", "PatientID"):
                assert str(instance[keyword].value) == value
