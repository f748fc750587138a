import pytest

from inference.package.concept import require_known


def test_a_known_keyword_is_given_back():
    assert require_known("SCT.Lung") == "SCT.Lung"


@pytest.mark.parametrize(
    ("keyword", "sentence"),
    [
        ("SCT.Lungg", "did you mean 'SCT.Lung'"),
        ("SCT.Zzzzzzzz", "'SCT.Zzzzzzzz' is no code keyword$"),
        ("Lung", "write SCHEME.Keyword with one of .*SCT"),
        ("ABC.Lung", "write SCHEME.Keyword"),
        ("SCT.", "write SCHEME.Keyword"),
    ],
)
def test_another_is_told_what_to_write(keyword, sentence):
    with pytest.raises(ValueError, match=sentence):
        require_known(keyword)
