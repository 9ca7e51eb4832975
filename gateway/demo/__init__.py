"""A flood afternoon over all channels, and the proof that every message was kept and answered."""
