"""From the instances of a study to numbers: header, pixels, spacing.

One projection image for now; a stack of slices comes to the same room, as a Volume with its affine.
"""
