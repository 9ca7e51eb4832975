"""The beginning of a channel's package, for authors of adapters."""
