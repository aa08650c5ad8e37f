"""The IR and the reverse program as text, for `--show` and for tests."""
