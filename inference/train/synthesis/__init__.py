"""Domain randomisation: images of any contrast, resolution and quality, drawn from volumes of labels alone."""
