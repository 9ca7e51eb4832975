"""How answers are read, one kind a file: what authors give to `Ask`."""

from gateway.bot.readers.choices import choice, yes_no
from gateway.bot.readers.codes import code, pin
from gateway.bot.readers.dates import date, date_to_come
from gateway.bot.readers.numbers import number
from gateway.bot.readers.phones import phone
from gateway.bot.readers.photos import photo
from gateway.bot.readers.places import place, place_among
from gateway.bot.reading import free_text as text

__all__ = [
    "choice",
    "code",
    "date",
    "date_to_come",
    "number",
    "phone",
    "photo",
    "pin",
    "place",
    "place_among",
    "text",
    "yes_no",
]
