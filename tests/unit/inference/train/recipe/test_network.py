import pytest
from pydantic import TypeAdapter, ValidationError

from inference.train.recipe.network import Network, Rcnn, Start, Unet


def test_the_kind_decides_which_keys_there_are():
    adapter = TypeAdapter(Network)
    assert isinstance(adapter.validate_python({"kind": "unet", "base": 8}), Unet)
    assert isinstance(adapter.validate_python({"kind": "mask_rcnn"}), Rcnn)
    with pytest.raises(ValidationError, match="hidden"):
        adapter.validate_python({"kind": "unet", "hidden": 8})


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"package": "a", "weights": "b"}, "not from both"),
        ({"unfreeze_at_epoch": 3}, "needs parts in freeze"),
        ({"freeze": ("backbone",), "unfreeze_from": "conv"}, "unfreeze_from needs unfreeze_at_epoch"),
    ],
)
def test_a_start_that_makes_no_sense_is_told(given, sentence):
    with pytest.raises(ValidationError, match=sentence):
        Start(**given)
