"""User identity negotiation: noted by its kind, never by its content, and trusted by nobody here."""

_KINDS = {
    1: "a username",
    2: "a username and a passcode",
    3: "a Kerberos service ticket",
    4: "a SAML assertion",
    5: "a JSON Web Token",
}


def kind_of_user_identity(user_identity_type: int) -> str:
    """What a caller offers by User-Identity-Type of A-ASSOCIATE-RQ (PS3.7 table D.3-14), for the log.

    No field of the item but its type may be given to a log: the first may be a name, the second is a secret.
    """
    return _KINDS.get(user_identity_type, f"an identity of unknown type {user_identity_type}")
