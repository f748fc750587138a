from inference.encode.encoding import DEFAULT, Encoding
from inference.encode.seg_header import Described, describe_sets


def _described(analysed, segments=2, encoding=DEFAULT, is_alone=True, places=(0, 1)):
    made = analysed()
    return Described(
        analysed=made,
        segments=tuple(made.manifest.output.segment[:segments]),
        places=places,
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
    several = _described(analysed, is_alone=False, places=(4, 7)).attributes()
    assert (several["series_description"], several["series_number"]) == ("shades 1.2.3 SEG Dark, Grey", 305)


def test_each_set_is_an_instance_with_its_segments_and_their_places(analysed):
    made = analysed()
    dark, grey, *_ = made.manifest.output.segment
    first, second = describe_sets(made, [grey, dark, grey, dark], ((1,), (2, 3)), DEFAULT)
    assert (first.segments, first.places, first.is_alone) == ((dark,), (1,), False)
    assert (second.segments, second.places, second.is_alone) == ((grey, dark), (2, 3), False)
    assert (first.analysed, first.encoding) == (made, DEFAULT)


def test_a_single_set_is_alone_and_none_is_no_instance(analysed):
    made = analysed()
    (only,) = describe_sets(made, made.manifest.output.segment, ((0, 1),), DEFAULT)
    assert only.is_alone
    assert describe_sets(made, made.manifest.output.segment, (), DEFAULT) == []
