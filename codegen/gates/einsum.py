"""Gates of np.einsum: products of entries with the same letters, summed where none is left."""

from codegen.gates import type_rules_einsum as rules
from codegen.gates.declare import at, gate
from codegen.gates.points import BATCH, GRID, OTHER, ROW, SQUARE, WIDE
from codegen.gates.words import contracted

ROW2 = (0.4, 1.3, -0.9)
PAIR = (0.4, -1.1)
SQUARES = (SQUARE, ((0.4, 0.2, -0.8), (1.1, -0.5, 0.3), (0.7, 0.9, -1.2)))


def of(subscripts, *operands, **statics):
    """Return a test point with its subscripts."""
    return at(*operands, subscripts=f"'{subscripts}'", **statics)


@gate(
    "np.einsum(subscripts: str, x, *, optimize=False)",
    rule=rules.einsum,
    view=True,
    broadcasts=True,
    points=[
        of("ij->ji", GRID),
        of("ji", GRID),
        of("ij", GRID),
        of("ij->", GRID),
        of("ij->i", GRID),
        of("ij->j", GRID),
        of("ijk->kij", BATCH),
        of("ijk->kj", BATCH),
        of("ijk->ik", BATCH, optimize=True),
        of("ii->", SQUARE),
        of("ii", SQUARE),
        of("ii->i", SQUARE),
        of("kii->k", SQUARES),
        of("kii->ik", SQUARES),
        of("iji->ij", ((PAIR, PAIR, ROW[:2]), (ROW2[:2], PAIR, PAIR))),
        of("iii->i", ((PAIR, ROW[:2]), (ROW2[:2], PAIR))),
        of("iii", ((PAIR, ROW[:2]), (ROW2[:2], PAIR))),
        of("...->...", GRID),
        of("...i->...", BATCH),
        of("...ij->...ji", BATCH),
        of("i...->...", GRID),
        of("...ii->...", SQUARES),
        of("...ii->...i", (SQUARES, SQUARES)),
        of("ij...->i...", BATCH),
        of("i...j->...", BATCH),
        of("ij...k->j...", (BATCH, BATCH)),
        of("i", ROW),
        of("i->", ROW),
    ],
)
def einsum_of_one(d, x, subscripts, optimize):
    """Axes in another order, summed, or their diagonal: a letter that is left out is summed."""
    return contracted(d, x, subscripts, optimize)


@gate(
    "np.einsum(subscripts: str, *operands, optimize=False)",
    rule=rules.einsum,
    contracts=True,
    broadcasts=True,
    points=[
        of("ij,jk->ik", GRID, WIDE),
        of("ij,jk", GRID, WIDE),
        of("ij,jk->ki", GRID, WIDE, optimize=True),
        of("ij,kj->ik", GRID, OTHER),
        of("ij,j->i", GRID, ROW),
        of("i,ij", PAIR, GRID),
        of("i,i", ROW, ROW2),
        of("i,i->i", ROW, ROW2),
        of("i,j->ij", ROW, PAIR),
        of("i,j", ROW, PAIR),
        of("i,j->", ROW, PAIR),
        of("i,j->j", ROW, PAIR),
        of("ij,ij->", GRID, OTHER),
        of("ij,ij->ij", GRID, OTHER),
        of("ij,ij->i", GRID, OTHER),
        of("ij,ji->", GRID, ((0.4, 1.3), (-0.9, 0.7), (0.2, 1.1))),
        of("ij,jk->i", GRID, WIDE),
        of("ij,jk->k", GRID, WIDE),
        of("ij,jk->", GRID, WIDE),
        of("ij,k->k", GRID, PAIR),
        of("ijk,k->ij", BATCH, ROW),
        of("bij,bjk->bik", BATCH, (SQUARE, SQUARE)),
        of("bij,bkj->bik", BATCH, BATCH),
        of("i,ij,j->", PAIR, GRID, ROW),
        of("bi,ij,bj->b", ((0.3, -1.2), (0.8, 0.4), (1.7, 0.1)), GRID, SQUARE, optimize=True),
        of("ij,jk,kl->il", GRID, SQUARE, WIDE, optimize="'greedy'"),
        of("ij,jk,kl->il", GRID, SQUARE, WIDE, optimize="['einsum_path', (0, 1), (0, 1)]"),
        of("i,i,i->i", ROW, ROW2, ROW),
        of("i,i,i,i->", ROW, ROW2, ROW, ROW2),
        of(",ij->ij", 0.3, GRID),
        of(",...l->l...", 0.3, BATCH),
        of("ij,->j", GRID, 0.3),
        of(",", 0.3, -1.4),
        of("ii,i->i", SQUARE, ROW),
        of("ii,ij->j", SQUARE, SQUARE),
        of("ii,jk->k", SQUARE, GRID),
        of("kii,ij->kj", SQUARES, SQUARE),
        of("kii,ki->", SQUARES, GRID),
        of("...ij,...jk->...ik", BATCH, (SQUARE, SQUARE)),
        of("...ij,...jk", GRID, WIDE),
        of("...ij,...jk->...ik", BATCH, SQUARE),
        of("...ij,...jk->...ik", GRID, (WIDE, WIDE)),
        of("...ij,...jk->...ik", BATCH, (SQUARE,)),
        of("...ij,...jk->...ik", ((BATCH,), (BATCH,)), (SQUARE, SQUARE)),
        of("...i,...i->...", BATCH, GRID),
        of("...i,i->...", BATCH, ROW),
        of("...,...->...", BATCH, GRID),
        of("i...j,j->...i", BATCH, ROW),
        of("ij...,i->i...", BATCH, PAIR),
        of("...ii,ii->...i", (SQUARES, SQUARES), SQUARE),
        of("ij,...j->i...", GRID, GRID),
    ],
)
def einsum(d, operands, subscripts, optimize):
    """Entries with the same letters multiplied; a letter that is left out is summed."""
    return contracted(d, operands, subscripts, optimize)
