"""The rehearsal: a stand-in PACS and a sample study, for the first five minutes and the end-to-end self test."""
