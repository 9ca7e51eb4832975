"""Sums of money as people write them."""

#: By currency: its sign, the decimals that it is told with, and what stands between thousands.
_SIGNS = {"IDR": ("Rp ", 0, "."), "USD": ("$", 2, ",")}


def told(amount: float, currency: str) -> str:
    """As in "Rp 214.000", "$41.20" or "EUR 41.20"."""
    sign, decimals, between = _SIGNS.get(currency, (f"{currency} ".lstrip(), 2, ","))
    return sign + f"{amount:,.{decimals}f}".replace(",", between)
