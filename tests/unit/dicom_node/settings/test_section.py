import pytest
from pydantic import ValidationError

from dicom_node.settings import Settings, load_settings
from tests.unit.dicom_node.settings.given import SHIPPED, mistakes_of, written


def test_settings_are_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        Settings().scp.port = 1  # type: ignore[misc]


@pytest.mark.parametrize("ae_title", ["", " X", "X ", "A\\B", "Ä", "A\nB", "A" * 17])
def test_what_is_no_ae_title_is_refused(tmp_path, ae_title):
    (mistake,) = mistakes_of(None, {"DICOM_NODE_SCP__AE_TITLE": ae_title})
    assert mistake.startswith("  [scp] ae_title = ")
    assert "1 to 16 ASCII characters" in mistake


@pytest.mark.parametrize("ae_title", ["A", "STORE SCP", "x" * 16, "A-B_C.1"])
def test_what_is_an_ae_title_is_taken(ae_title):
    assert load_settings(SHIPPED, {"DICOM_NODE_SCP__AE_TITLE": ae_title}).scp.ae_title == ae_title


@pytest.mark.parametrize("description", ["", "{patient}", "{model!r}", "{kind", "a\\\\b", "ä", "x" * 65])
def test_a_series_description_that_cannot_be_filled_in_is_a_mistake(tmp_path, description):
    (mistake,) = mistakes_of(written(tmp_path, f'[results]\nseries_description = "{description}"\n'))
    assert "[results] series_description" in mistake


def test_a_private_sop_class_is_a_uid():
    known = {"DICOM_NODE_SCP__PRIVATE_SOP_CLASSES": '["1.2.840.113619.4.27", "1.3.12.2.1107.5.9.1"]'}
    assert load_settings(SHIPPED, known).scp.private_sop_classes[1] == "1.3.12.2.1107.5.9.1"
    for wrong in ("CTImageStorage", "1", "1.", "1..2", "1." + "2" * 63, "1.2\\n"):
        (mistake,) = mistakes_of(SHIPPED, {"DICOM_NODE_SCP__PRIVATE_SOP_CLASSES": f'["1.2", "{wrong}"]'})
        assert mistake.startswith("  [scp] private_sop_classes, number 2, = "), mistake
        assert "a UID has digits and dots" in mistake


@pytest.mark.parametrize(
    ("size", "in_bytes"),
    [("4 GB", 4_000_000_000), ("2GiB", 2 << 30), ("1.5 GB", 1_500_000_000), ("5000000", 5_000_000)],
)
def test_a_size_is_a_number_of_bytes_or_a_text(tmp_path, size, in_bytes):
    assert load_settings(SHIPPED, {"DICOM_NODE_SCP__INSTANCE_AT_MOST": size}).scp.instance_at_most == in_bytes
    number = written(tmp_path, f"[spool]\nkeep_free = {in_bytes}\n")
    assert load_settings(number, {}).spool.keep_free == in_bytes


@pytest.mark.parametrize("size", ["much", "-1 GB", "4 XB", "4 G B", "1,5 GB", "1 GB!", "4 000", ""])
def test_what_is_no_size_is_refused(size):
    (mistake,) = mistakes_of(SHIPPED, {"DICOM_NODE_SPOOL__KEEP_FREE": size})
    wanted = "allowed: a number of bytes, or a text such as '4 GB' or '512 MiB'"
    assert mistake == f"  [spool] keep_free = {size!r}: {wanted}"
