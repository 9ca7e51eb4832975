"""Pairs of reports that may be of one incident, side by side: a person decides."""
