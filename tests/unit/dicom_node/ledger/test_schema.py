import pytest

from dicom_node.ledger.lifecycle import AnalysisState, DeliveryState, StudyState
from dicom_node.ledger.schema import analysis, delivery, metadata, study


@pytest.mark.parametrize(
    ("table", "states"), [(study, StudyState), (analysis, AnalysisState), (delivery, DeliveryState)]
)
def test_every_state_fits_its_column(table, states):
    assert max(map(len, states)) <= table.c.state.type.length


def test_every_uid_has_room_for_sixty_four_characters():
    uids = [
        column for table in metadata.tables.values() for column in table.c if column.name.endswith("_uid")
    ]
    assert uids
    assert {column.type.length for column in uids} == {64}


def test_no_column_is_for_a_patient():
    names = {column.name for table in metadata.tables.values() for column in table.c}
    assert not [name for name in names if "patient" in name or "birth" in name]


def test_every_time_is_a_number_of_seconds():
    times = [
        column for table in metadata.tables.values() for column in table.c if column.name.endswith("_at")
    ]
    assert {column.type.python_type for column in times} == {float}
