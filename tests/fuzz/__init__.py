"""A fuzz test of the door that knows the structure it breaks: PDU, PDV, command and data set."""
