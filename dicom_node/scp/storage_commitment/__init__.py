"""Storage commitment, as its provider (PS3.4 annex J): a modality asks what it may forget, and is told.

What is answered 0x0000 is in the ledger and is reported, on the same association or a new one, whatever dies.
"""
