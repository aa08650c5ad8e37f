"""The IR run as it stands: what tests hold every later stage to."""
