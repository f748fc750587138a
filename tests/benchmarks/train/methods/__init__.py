"""Does each method pay? Each beside its plain counterpart, on the same budget, with three seeds.

Small tasks, drawn by code, that a small network learns in seconds: what they show is that the method works here, not
how much it gives on a hospital's data.
"""
