"""The package that `kanal new adapter` writes, as it is called here: fax. Its tests are run as those of any other."""
