"""The memory: what came, what is owed, and what was done. The only room that knows SQL.

``Ledger`` opens it; each module beside it holds the named questions and steps of one subject, as
functions that take the transaction, so that a step may span several subjects and still be one commit.
"""

from dicom_node.ledger.ledger import Ledger, Transaction

__all__ = ["Ledger", "Transaction"]
