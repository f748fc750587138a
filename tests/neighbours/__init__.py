"""The real programs the node lives with, started for tests on loopback and ended by process id."""
