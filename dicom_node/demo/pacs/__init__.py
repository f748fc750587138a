"""A stand-in PACS, for the rehearsal and for tests: `python -m dicom_node.demo.pacs`."""
