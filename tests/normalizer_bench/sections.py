"""What is measured, by the names under which it can be asked for."""

from types import ModuleType

from tests.normalizer_bench import speed

SECTIONS: dict[str, ModuleType] = {
    "speed": speed,
}
