"""From labels to what a PACS keeps: SEG, TID 1500 SR, and a preview for a human's eye."""
