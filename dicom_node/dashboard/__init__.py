"""The window: one look says how the node is; one more says what became of a study. It changes nothing."""
