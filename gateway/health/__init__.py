"""Whether each channel is well, and what an outage left out: no channel dies without somebody being told."""
