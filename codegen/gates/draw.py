"""Random draws: made once, in their place in the forward pass; what is drawn has no gradient."""

from codegen.gates import type_rules_draw as rules
from codegen.gates.declare import draw


@draw(
    "np.random.default_rng(seed=...)",
    "np.random.RandomState(seed=...)",
    rule=rules.source,
    counts=("seed",),
)
def default_rng():
    """A source of random numbers."""


@draw(
    "np.random.rand(*sizes)",
    "np.random.randn(*sizes)",
    rule=rules.drawn_by_sizes,
    sizes=("sizes",),
)
def rand():
    """Uniform in [0, 1), or standard normal."""


@draw("rng.rand(*sizes)", "rng.randn(*sizes)", rule=rules.drawn_by_sizes, sizes=("sizes",))
def rand_of():
    """The same from a RandomState."""


@draw(
    "np.random.random(size=...)",
    "np.random.random_sample(size=...)",
    "np.random.standard_normal(size=...)",
    "np.random.standard_exponential(size=...)",
    "rng.random(size=..., dtype=None)",
    "rng.random_sample(size=...)",
    "rng.standard_normal(size=..., dtype=None)",
    "rng.standard_exponential(size=..., dtype=None)",
    rule=rules.drawn(0),
    sizes=("size",),
)
def standard():
    """Uniform in [0, 1), standard normal or exponential."""


@draw(
    "np.random.normal(loc=..., scale=..., size=...)",
    "rng.normal(loc=..., scale=..., size=...)",
    rule=rules.drawn(2),
    sizes=("size",),
)
def normal():
    """Normal; for a gradient in the parameters write loc + scale * np.random.randn(...)."""


@draw(
    "np.random.uniform(low=..., high=..., size=...)",
    "rng.uniform(low=..., high=..., size=...)",
    rule=rules.drawn(2),
    sizes=("size",),
)
def uniform():
    """Uniform in [low, high)."""


@draw(
    "np.random.exponential(scale=..., size=...)",
    "rng.exponential(scale=..., size=...)",
    rule=rules.drawn(1),
    sizes=("size",),
)
def exponential():
    """Exponential."""


@draw(
    "np.random.laplace(loc=..., scale=..., size=...)",
    "rng.laplace(loc=..., scale=..., size=...)",
    rule=rules.drawn(2),
    sizes=("size",),
)
def laplace():
    """Laplace."""


@draw(
    "np.random.lognormal(mean=..., sigma=..., size=...)",
    "rng.lognormal(mean=..., sigma=..., size=...)",
    rule=rules.drawn(2),
    sizes=("size",),
)
def lognormal():
    """Log-normal."""


@draw(
    "np.random.gamma(shape, scale=..., size=...)",
    "rng.gamma(shape, scale=..., size=...)",
    rule=rules.drawn(2),
    sizes=("size",),
)
def gamma():
    """Gamma."""


@draw(
    "np.random.beta(a, b, size=...)",
    "rng.beta(a, b, size=...)",
    rule=rules.drawn(2),
    sizes=("size",),
)
def beta():
    """Beta."""


@draw(
    "np.random.poisson(lam=..., size=...)",
    "rng.poisson(lam=..., size=...)",
    rule=rules.drawn(1, "int"),
    sizes=("size",),
)
def poisson():
    """Poisson."""


@draw(
    "np.random.binomial(n, p, size=...)",
    "rng.binomial(n, p, size=...)",
    rule=rules.drawn(2, "int"),
    sizes=("size",),
    counts=("n",),
)
def binomial():
    """Binomial."""


@draw(
    "np.random.randint(low, high=..., size=..., dtype=None)",
    "rng.randint(low, high=..., size=..., dtype=None)",
    "rng.integers(low, high=..., size=..., dtype=None, endpoint=False)",
    rule=rules.drawn(2, "int"),
    sizes=("size",),
    counts=("low", "high"),
)
def integers():
    """Whole numbers."""


@draw("np.random.permutation(x)", "rng.permutation(x)", rule=rules.permuted, pools=("x",))
def permutation():
    """The numbers below x, or the rows of x, in a random order."""


@draw(
    "np.random.choice(a, size=..., replace=True, p=...)",
    "rng.choice(a, size=..., replace=True, p=...)",
    rule=rules.chosen,
    sizes=("size",),
    pools=("a",),
)
def choice():
    """Entries of a, or numbers below a."""


@draw(
    "random.random()",
    "random.uniform(a, b)",
    "random.gauss(a=..., b=...)",
    "random.normalvariate(a=..., b=...)",
    rule=rules.python_float,
)
def python_random():
    """One number from Python's own source."""


@draw("random.randint(a, b)", "random.randrange(a, b=...)", rule=rules.python_int)
def python_randint():
    """One whole number from Python's own source."""
