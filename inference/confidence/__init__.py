"""What the model knows of its own doubt."""
