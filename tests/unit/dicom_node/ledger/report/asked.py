"""How the tests ask: each question from a snapshot of its own."""


def ask(ledger, question, **about):
    with ledger.snapshot() as tx:
        return question(tx, **about)
