"""The way back: every result to every destination, until each has answered Success."""
