"""The dialogues that Kanal comes with, one a file. They are found by entry point, as those of other packages are."""
