import pytest

from inference.errors import TrainingRefused
from inference.train.evaluate.groups import facts_told_apart
from inference.train.evaluate.tables import EvaluateTable

FACTS = [{"sex": "f", "source": "here", "age": ""}, {"sex": "", "source": "there"}]


def test_left_out_it_is_the_usual_facts_that_the_data_says():
    assert facts_told_apart(FACTS, EvaluateTable()) == ("sex",)


def test_named_it_is_those_in_their_order_and_an_empty_list_is_none():
    assert facts_told_apart(FACTS, EvaluateTable(by=("source", "sex"))) == ("source", "sex")
    assert facts_told_apart(FACTS, EvaluateTable(by=())) == ()


@pytest.mark.parametrize("name", ["sexx", "age"])
def test_a_fact_that_no_case_has_is_refused(name):
    with pytest.raises(
        TrainingRefused, match=f"by names '{name}', which the data does not say; it says sex, source"
    ):
        facts_told_apart(FACTS, EvaluateTable(by=(name,)))
