import inspect

import pytest

import dicom_node.scp.identification
from dicom_node import errors
from dicom_node.errors import NodeError, Permanent, Transient

ERRORS = [
    error
    for module in (errors, dicom_node.scp.identification)
    for error in vars(module).values()
    if inspect.isclass(error) and issubclass(error, NodeError)
]
NAMED = [error for error in ERRORS if error not in (NodeError, Transient, Permanent)]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_has_the_sentence_an_operator_reads(error):
    sentence = error.__doc__
    assert sentence
    assert sentence.endswith(".")
    assert sentence != Exception.__doc__


@pytest.mark.parametrize("error", NAMED, ids=lambda error: error.__name__)
def test_every_error_is_either_transient_or_permanent(error):
    assert issubclass(error, Transient) != issubclass(error, Permanent)


def test_no_two_errors_say_the_same():
    assert len({error.__doc__ for error in ERRORS}) == len(set(ERRORS))
