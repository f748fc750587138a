from inference.encode.encoding import DEFAULT, Encoding
from inference.encode.seg_header import Described


def _described(analysed, segments=2, encoding=DEFAULT, is_alone=True, place=0):
    made = analysed()
    return Described(
        analysed=made,
        segments=tuple(made.manifest.output.segment[:segments]),
        place=place,
        is_alone=is_alone,
        encoding=encoding,
    )


def test_the_kind_is_the_labels_and_how_they_are_stored(analysed):
    assert _described(analysed).kind == "SEG Dark, Grey"
    assert _described(analysed, 1).kind == "SEG Dark"
    encoding = Encoding(form="LABELMAP", compression="RLE")
    assert _described(analysed, encoding=encoding).kind == "SEG Dark, Grey LABELMAP RLE"


def test_segments_are_numbered_from_one(analysed):
    assert _described(analysed).numbers == {"Dark": 1, "Grey": 2}


def test_the_series_is_named_where_there_are_several(analysed):
    assert _described(analysed).attributes()["series_description"] == "shades 1.2.3 SEG"
    several = _described(analysed, is_alone=False, place=4).attributes()
    assert (several["series_description"], several["series_number"]) == ("shades 1.2.3 SEG Dark, Grey", 305)
