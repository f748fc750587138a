"""From the instances of a study to numbers: header, pixels, and where they lie in the patient.

A projection image by read_pixels; a stack of slices, or an enhanced multi-frame instance, by read_volume.
"""
