"""The upper layer where instances come in: streamed from the socket to the spool, nothing waits, nothing sleeps.

Built on pynetdicom's seams. Negotiation, release, abort and every service but C-STORE are its own code;
C-STORE is answered here, from the thread that read it. ``tests/contract`` names what is leant on.
"""
