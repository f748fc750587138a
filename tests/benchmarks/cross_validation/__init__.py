"""How good is a recipe on patients it has not learnt from, and is another loss better on the same budget?"""
