"""What training minimises: one loss a file, ``[loss]`` of the recipe chooses."""
