"""Network builders. Only ``train`` uses them; what is served is the SavedModel, not this code."""
