import pytest

from inference.errors import TrainingRefused
from inference.train.sources.records import needed_in, read_records, require_columns, text_in


def test_json_and_csv_give_the_same_rows(tmp_path):
    (tmp_path / "a.json").write_text('[{"image": "x.png", "label": "ap"}, {"image": "y.png", "label": "pa"}]')
    (tmp_path / "a.csv").write_bytes("﻿image,label\r\nx.png,ap\r\ny.png,pa\r\n".encode())
    assert read_records(tmp_path / "a.json") == read_records(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.json", b"[{", "is damaged"),
        ("a.json", b'{"image": 1}', "has no rows"),
        ("a.json", b"[1, 2]", "has no rows"),
        ("a.csv", b"image,label\n", "has no rows"),
        (
            "a.csv",
            "image,label\nx,ap\ny,schräg\n".encode("latin-1"),
            "line 3, is no UTF-8; save the table as UTF-8",
        ),
        ("a.json", b'[{"image": "\xfc"}]', "line 1, is no UTF-8; save the table as UTF-8"),
        ("a.csv", b"image,label\nx,ap\ny,pa,2,5\n", "line 3 has more fields than the heading; put"),
        ("a.csv", b"image,label\nx,ap\ny\n", "line 3 has fewer fields than the heading; complete it"),
        ("a.xlsx", b"PK", "give a .json or a .csv"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, name, content, sentence):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TrainingRefused, match=sentence):
        read_records(tmp_path / name)


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(TrainingRefused, match=r"labels\.csv cannot be read: No such file"):
        read_records(tmp_path / "labels.csv")


def test_a_missing_column_is_told_with_what_is_close(tmp_path):
    with pytest.raises(
        TrainingRefused, match="no column 'patient'; it has image, patient_id; did you mean 'patient_id'"
    ):
        require_columns([{"image": "x", "patient_id": "p"}], ["image", "patient"], tmp_path)


def test_numbers_and_nothing_as_text():
    assert text_in({"a": 7}, "a") == "7"
    assert text_in({"a": None}, "a") == text_in({}, "a") == ""
    assert text_in({"a": " pa "}, "a") == "pa"


def test_an_empty_field_is_refused_with_its_row(tmp_path):
    with pytest.raises(TrainingRefused, match="record 3: image is empty"):
        needed_in({"image": " "}, "image", 3, tmp_path)


def test_an_empty_field_is_no_missing_one(tmp_path):
    (tmp_path / "a.csv").write_text("image,mask,label\nx.png,,\n\ny.png,m.png,ap\n")
    assert [row["mask"] for row in read_records(tmp_path / "a.csv")] == ["", "m.png"]


def test_a_field_in_quotes_may_hold_a_line_break(tmp_path):
    (tmp_path / "a.csv").write_text('image,note\nx,"first\nsecond"\ny,\u2028\n', encoding="utf-8")
    first, second = read_records(tmp_path / "a.csv")
    assert (first["note"], second["note"]) == ("first\nsecond", "\u2028")
