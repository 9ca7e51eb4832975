"""A dialogue's package, from which `kanal new dialogue` makes others."""
