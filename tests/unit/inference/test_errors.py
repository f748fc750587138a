import pytest

from inference import errors


@pytest.mark.parametrize(
    "error", [errors.PackageInvalid, errors.InputUnreadable, errors.GeometryRefused, errors.PredictionFailed]
)
def test_every_error_can_be_caught_as_one_and_says_what_it_means(error):
    assert issubclass(error, errors.InferenceError)
    assert error.__doc__.endswith(".")
