"""How fast, and at what cost, do instances get in? The same data to our node and to its neighbours, in turn."""
