"""How each channel fares, and what may be done about it."""
