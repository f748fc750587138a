"""The parts of a two-stage detector, one idea a file.

Boxes are (…, 4) float32: row_min, column_min, row_max, column_max in pixels of the network's image, where 0, 0 is the
outer corner of the first pixel. So a pixel's centre lies at 0.5, and a box's height is row_max - row_min.
"""
