"""Measures the bot: turns a second, bytes a talk, and how soon a burst is answered."""
