from inference.encode.results import encode_results


def test_segmentations_come_first_then_the_report(analysed):
    assert [result.kind for result in encode_results(analysed())] == ["SEG", "SEG", "SR"]


def test_nothing_found_gives_no_instance(analysed, empty_labels):
    assert encode_results(analysed(labels=empty_labels)) == ()
