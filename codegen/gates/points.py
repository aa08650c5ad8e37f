"""Test points: nested tuples stand for arrays. No entry is at a kink of any gate."""

GRID = ((0.3, -1.2, 2.1), (-0.7, 1.6, 0.45))
OTHER = ((1.1, 0.8, -0.6), (0.9, -1.7, 1.3))
POSITIVE = ((0.4, 1.7, 2.6), (0.15, 3.2, 0.9))
UNIT = ((0.3, -0.8, 0.55), (-0.15, 0.9, 0.05))
ABOVE_ONE = ((1.4, 2.7, 1.05), (3.2, 1.9, 5.5))
ROW = (0.7, -1.4, 0.55)
COLUMN = ((0.8,), (-1.9,))
SQUARE = ((1.2, -0.4, 0.3), (0.5, 0.9, -1.1), (-0.2, 0.6, 2.0))
WIDE = ((0.2, -0.3, 0.7, 1.5), (1.1, 0.4, -0.8, 0.6), (0.9, -1.6, 0.1, -0.5))
BATCH = (GRID, OTHER)
ZEROS = ((0.0, 1.5), (-0.4, 0.0))  # edges: at 0 most slopes are special
ONE = ((0.8,),)
EMPTY: tuple[float, ...] = ()
