"""The `kanal` command, a file per group of verbs."""
