"""What no later stage would get right: refused, with the place and what to write instead."""
