"""The door: what others open to us. Success only after file and ledger row are on disk."""
