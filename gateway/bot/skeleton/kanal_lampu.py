"""A dialogue about street lamps that do not burn. Change what it asks, and the texts; the rest may stay."""

from gateway.bot import Ask, Say, Steps, Talk, choice, dialogue, keyword, yes_no

TEXTS = {
    "id": {
        "where": "Di mana lampunya? Tulis jalan dan patokannya.",
        "how": "Lampunya bagaimana?",
        "dead": "Mati",
        "blinking": "Berkedip",
        "broken": "Rusak atau roboh",
        "danger": "Ada kabel yang terbuka?",
        "stay_away": "Jangan mendekat, dan telepon 112 bila ada yang tersengat.",
        "thanks": "Terima kasih. Petugas kami akan memeriksanya.",
    },
    "en": {
        "where": "Where is the lamp? Write the street and a landmark.",
        "how": "What is wrong with it?",
        "dead": "Does not burn",
        "blinking": "Blinks",
        "broken": "Broken or fallen",
        "danger": "Is a cable open?",
        "stay_away": "Do not go near, and call 112 if somebody got an electric shock.",
        "thanks": "Thank you. We will have a look at it.",
    },
}


@dialogue("lampu", opens=keyword("lampu"), texts=TEXTS, files=True)
def lampu(talk: Talk) -> Steps:
    """A street lamp that does not burn."""
    yield Ask("where", amends="text")
    how = yield Ask("how", choice("dead", "blinking", "broken"))
    if how == "broken" and (yield Ask("danger", yes_no)):
        yield Say("stay_away")
    yield Say("thanks")
