"""The pages on which tables go in and out."""
