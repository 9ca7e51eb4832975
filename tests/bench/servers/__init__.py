"""The servers under test that are not Kanal as a whole, each started with `python -m`."""
