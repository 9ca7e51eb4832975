"""From a channel's message to the one report schema. Pure: no input or output."""
