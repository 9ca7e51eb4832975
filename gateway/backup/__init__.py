"""Copies of a whole data folder that can be trusted: made while the gateway runs, checked, kept, put back."""
