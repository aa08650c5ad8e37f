"""A pair's function as statements, to be written in split style under its private names."""

from __future__ import annotations

from codegen.build.lines import Built
from codegen.pairs.names import Pair
from codegen.select import Selection


def selection_of(pair: Pair, built: Built) -> Selection:
    """Return what of a pair's function is differentiated: all that its calls may ask for."""
    inputs = [p for p in built.parameters if p.name in pair.wrt]
    outputs = [built.returned[place] for place in pair.of]
    return Selection(inputs, outputs, None, False, [], pair=(pair.forward, pair.backward))
