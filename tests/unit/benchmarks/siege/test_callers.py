"""The settings are ones the node takes, and leave room for the known modality whatever the others take."""

import tomllib
from collections import Counter

import pytest

from dicom_node.settings import Settings
from tests.benchmarks.siege import callers
from tests.benchmarks.siege.besiegers import KINDS
from tests.benchmarks.siege.scale import FULL, QUICK


@pytest.mark.parametrize("scale", [FULL, QUICK])
def test_the_besiegers_cannot_take_all_the_room_the_crowd_has(scale):
    scp = Settings.model_validate(tomllib.loads(callers.settings(11112, scale))).scp
    old = next(each for each in scp.modality if each.ae_title == callers.OLD)
    strangers = scp.associations_at_most - scp.associations_reserved
    assert scp.associations_at_most > scale.active
    assert old.associations_at_most + strangers < scp.associations_at_most
    assert strangers > 0


def test_so_many_of_the_kinds_are_let_in():
    let_in = sum(kind.is_let_in for kind in KINDS)
    assert callers.besiegers_let_in(FULL) == FULL.besiegers * let_in // len(KINDS)


@pytest.mark.parametrize("number", [1, 40, 50, 500, 1000])
def test_no_address_has_more_callers_than_its_limit(number):
    given = callers.addresses("127.0.9", number)
    assert len(given) == number
    assert max(Counter(given).values()) <= callers.ASSOCIATIONS_PER_ADDRESS
    assert callers.MODALITY_ADDRESS not in given
