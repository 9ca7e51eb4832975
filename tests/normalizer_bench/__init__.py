"""How well citizens' words are read, with counts and 95 % intervals: `make bench-normalizer [DATA=DIR]`.

A section is a module of this package with a `TITLE`, a docstring that says what exactly is counted, and

    def measure(data: Path) -> Iterable[Row]

`sections.py` lists them. A section is measured on the labelled texts in the folder `data`, which are private (licences
are missing or mixed); where its file is absent it raises FileNotFoundError and the others go on. Whatever is tuned
looks at one half of the texts alone (`halves.py`), and rows are given for both halves, so that goals are judged on
texts that nobody looked at.
"""
