"""From labelled images to a model package; the way from folder to package is in ``__main__``."""
