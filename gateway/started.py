"""A process of its own for a module that has a `main`: `python -m gateway.started gateway.worker`."""

import sys
from importlib import import_module

from gateway import discretion, lasting

if __name__ == "__main__":
    discretion.begin()
    lasting.begin()
    module = import_module(sys.argv[1])
    lasting.keep()
    module.main()
