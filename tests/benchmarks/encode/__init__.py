"""What does it cost to put a result into DICOM? Ratios and CPU seconds within one run."""
