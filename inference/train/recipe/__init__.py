"""recipe.toml as frozen values; the tables of the other rooms lie in those rooms."""
