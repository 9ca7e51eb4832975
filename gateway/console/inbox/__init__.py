"""The inbox: the cases of all channels, found by filters and words."""
