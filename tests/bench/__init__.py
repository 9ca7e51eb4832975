"""How fast Kanal is beside the bare servers it stands on: `make bench`.

Every server runs in a process of its own on asyncio's default loop, the load generator in another. Contenders take
turns in every round; a figure is the median of its rounds, a ratio the median of the rounds' ratios.
"""
