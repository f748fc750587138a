"""Is this input what the model was made for? Pure functions that answer with reasons, or with none.

Two answers exist: a reason to refuse (the model must not speak) and a reason to flag (a human must look).
"""
