"""A model package on disk: what it declares, and whether it is what it was when it was packed."""
