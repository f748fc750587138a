"""kill −9 of the receiver at every step of an instance: whatever was answered Success is there afterwards, once."""
