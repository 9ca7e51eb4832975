"""A flood afternoon by real SMTP and Kannel-shaped SMS, and the proof that every message was kept and answered."""
