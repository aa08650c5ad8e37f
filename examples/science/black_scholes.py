import numpy as np
from scipy.special import ndtr


# codegen: example call_price(100.0, 105.0, 0.5, 0.02, 0.25)
def call_price(spot: float, strike: float, years: float, rate: float, volatility: float):
    """Price of a European call; its gradient holds the greeks."""
    spread = volatility * np.sqrt(years)
    d1 = (np.log(spot / strike) + rate * years) / spread + 0.5 * spread
    d2 = d1 - spread
    discount = np.exp(-rate * years)
    return spot * ndtr(d1) - strike * discount * ndtr(d2)
