"""Training held to its promises: batches that do not keep the network waiting, methods that beat their plain forms."""
