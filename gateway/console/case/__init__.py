"""The page of one case, over all its channels, and what is done there."""
