"""A text's words: cleaned, spelt as standard words are, and the language they are of."""
