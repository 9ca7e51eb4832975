"""The public form, in three steps: what, where, done. Nobody logs in, and nobody need say who they are.

Without script each step is a page of its own that carries what was entered before, and photos come last.
"""
