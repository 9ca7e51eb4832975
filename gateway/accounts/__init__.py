"""Who may come in to the pages of officers, and what they may do there."""
