import pytest
from pydantic import ValidationError

from inference.train.recipe.ensemble import MOST_MEMBERS, EnsembleTable


def test_members_are_counted():
    assert EnsembleTable(seeds=(0, 5, 7)).members == 3
    assert EnsembleTable(folds=4).members == 4


@pytest.mark.parametrize("given", [{}, {"seeds": (1, 2), "folds": 2}])
def test_it_is_seeds_or_folds(given):
    with pytest.raises(ValidationError, match="name seeds or folds, one of them"):
        EnsembleTable(**given)


@pytest.mark.parametrize("seeds", [(1,), (1, 1), tuple(range(MOST_MEMBERS + 1))])
def test_seeds_are_several_and_differ(seeds):
    with pytest.raises(ValidationError, match=f"seeds are 2 to {MOST_MEMBERS} numbers, each another"):
        EnsembleTable(seeds=seeds)
