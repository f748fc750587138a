"""The door: what others open to us. Success only after the file and its name are on disk."""
