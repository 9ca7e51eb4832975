"""One message of a talk: what it is, and what comes of it. Each file is one way, or a few that are alike."""
