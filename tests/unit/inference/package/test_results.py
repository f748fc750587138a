import pytest
from pydantic import ValidationError

from inference.package.results import Results


def test_without_it_there_is_nothing_more():
    assert Results().also == []


def test_each_kind_is_named_once():
    with pytest.raises(ValidationError, match="names a kind twice"):
        Results(also=["summary", "summary"])


def test_another_kind_is_a_mistake():
    with pytest.raises(ValidationError, match="probability_map"):
        Results(also=["hologram"])
