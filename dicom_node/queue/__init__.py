"""The line: Celery and Redis wake workers; the ledger says what they do. A lost message costs seconds, never work."""
