"""Facts about values, in dictionaries beside the IR."""
