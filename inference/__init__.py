"""One study through one model.

A library of its own: it runs on a folder of DICOM just as well as inside the node, and knows
no association, ledger or page. ``inference.pipeline`` is the list of its stations.
"""
