"""What operators import of their city: files of any kind are read, checked against the official areas, and kept."""
