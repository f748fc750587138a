import pytest
from pydantic import ValidationError

from inference.train.evaluate.tables import EvaluateTable


@pytest.mark.parametrize(
    "table", [{"resamples": 10}, {"confidence": 1.0}, {"overlap": 0.0}, {"groups": ["sex"]}]
)
def test_a_mistake_is_named(table):
    with pytest.raises(ValidationError, match=next(iter(table))):
        EvaluateTable.model_validate(table)
