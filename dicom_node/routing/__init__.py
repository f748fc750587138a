"""Which model gets which part of a study; every "no" with its reason."""
