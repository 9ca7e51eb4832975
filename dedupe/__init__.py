"""Is this report of an incident already reported? Pure: no input or output."""
