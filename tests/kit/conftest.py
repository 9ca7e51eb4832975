"""The package in this folder is another's: its tests are run where it is installed."""

collect_ignore = ["kanal-sirene"]
