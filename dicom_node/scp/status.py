"""The C-STORE statuses the door answers with (PS3.4 table B.2-1, PS3.7 annex C)."""

from enum import IntEnum


class Status(IntEnum):
    """Status (0000,0900) of a C-STORE-RSP."""

    SUCCESS = 0x0000
    DUPLICATE_SOP_INSTANCE = 0x0111
    OUT_OF_RESOURCES = 0xA700
    DATA_SET_DOES_NOT_MATCH_SOP_CLASS = 0xA900
    CANNOT_UNDERSTAND = 0xC000
