"""How good the packed model is on patients it has not seen, through the whole chain at the source's size."""
