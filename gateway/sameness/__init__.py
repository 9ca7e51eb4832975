"""Pairs of reports that people said are of one incident or of two, and how right a judge is on them."""
