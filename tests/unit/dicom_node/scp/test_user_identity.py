import pytest

from dicom_node.scp.user_identity import kind_of_user_identity


@pytest.mark.parametrize(
    ("user_identity_type", "kind"),
    [
        (1, "a username"),
        (2, "a username and a passcode"),
        (3, "a Kerberos service ticket"),
        (4, "a SAML assertion"),
        (5, "a JSON Web Token"),
        (0, "an identity of unknown type 0"),
        (255, "an identity of unknown type 255"),
    ],
)
def test_the_kinds_there_are(user_identity_type, kind):
    assert kind_of_user_identity(user_identity_type) == kind
