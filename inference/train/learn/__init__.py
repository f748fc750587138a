"""How a network is taught: what each task asks of it, the steps, the checkpoints, the curve."""
