"""Where a report is about: by a pin, by its words, and by what an operator imported of the city."""
