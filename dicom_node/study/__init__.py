"""When a study is complete."""
