"""A talk at the terminal with a gateway of its own, for trying dialogues and texts."""
