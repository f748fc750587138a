"""What is written into the package ``cxr_lungs``: its model.toml and card.md, figures left open."""
