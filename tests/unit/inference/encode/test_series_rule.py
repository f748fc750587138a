import pytest

from inference.encode.series_rule import DEFAULT_RULE, SeriesRule


@pytest.mark.parametrize(
    "description", ["{patient}", "{}", "{0}", "{model.name}", "{model!r}", "{kind:>9}", "{model"]
)
def test_what_cannot_be_filled_in_is_refused(description):
    with pytest.raises(ValueError, match=r"cannot be filled in|expected"):
        SeriesRule(description=description)


def test_the_default_leaves_uids_as_they_are():
    assert DEFAULT_RULE.words == ()


def test_no_two_rules_have_the_same_words():
    rules = [
        SeriesRule(times=1),
        SeriesRule(plus=1),
        SeriesRule(times=1, plus=1),
        SeriesRule(description="AI {kind}"),
    ]
    assert len({rule.words for rule in rules}) == len(rules)
