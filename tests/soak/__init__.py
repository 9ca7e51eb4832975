"""All channels of one gateway at once, for minutes, while everything around it goes wrong; see `__main__`."""
