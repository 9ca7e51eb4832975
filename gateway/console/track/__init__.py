"""What became of a report: by its code the status, with the PIN more, and that it is not done. Programs get a line of
text or JSON (see `gateway.lookup`)."""
