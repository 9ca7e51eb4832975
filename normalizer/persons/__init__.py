"""Who is meant, and what of a text gives persons away."""
