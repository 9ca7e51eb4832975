"""Measures how well reports of one incident are found: on labelled sets, in wide windows and beside other methods."""
