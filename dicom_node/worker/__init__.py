"""One analysis through one model: claim, inference, spool, commit."""
