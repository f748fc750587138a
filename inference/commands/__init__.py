"""What ``python -m inference`` can do, one command a file; each composes rooms and decides nothing."""
