from types import SimpleNamespace

from dicom_node.scp.verification import on_c_echo


def test_an_echo_is_answered_with_success():
    assert on_c_echo(SimpleNamespace()) == 0x0000
