"""Small labelled data on disk, known to the pixel."""

import json

import numpy as np
from PIL import Image

ROWS, COLUMNS = 40, 30


def picture(path, *, rows=ROWS, columns=COLUMNS, top=10, left=6, height=12, width=9, bright=255, dark=0):
    """One bright rectangle."""
    plane = np.full((rows, columns), dark, np.uint8)
    plane[top : top + height, left : left + width] = bright
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(plane).save(path)
    return plane


def table(folder, *records, name="labels.json"):
    (folder / name).write_text(json.dumps(records))
