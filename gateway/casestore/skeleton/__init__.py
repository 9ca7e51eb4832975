"""What `kanal new case-store` writes: a case store that works, with the other side that its tests talk to.

The names `crm` and `Crm` become those that are asked for.
"""
