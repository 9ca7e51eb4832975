"""What is measured, by the names under which it can be asked for."""

from types import ModuleType

from tests.normalizer_bench import category, kinds, language, mail, place, speed, tokens

SECTIONS: dict[str, ModuleType] = {
    "category": category,
    "kinds": kinds,
    "mail": mail,
    "place": place,
    "tokens": tokens,
    "language": language,
    "speed": speed,
}
