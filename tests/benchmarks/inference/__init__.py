"""What does a study cost on its way through one model, beyond the model itself? Ratios within one run."""
