"""The dialogue about lampu, as transcripts."""

from gateway.bot.skeleton.kanal_lampu import lampu
from gateway.bot.testing import converse


def test_a_lamp_that_does_not_burn() -> None:
    played = converse(
        lampu,
        """
> lampu jalan mati
< Di mana lampunya? Tulis jalan dan patokannya.
> depan warung di ujung gang
< Lampunya bagaimana?
  1 Mati
  2 Berkedip
  3 Rusak atau roboh
> 1
< Terima kasih. Petugas kami akan memeriksanya.
""",
    )
    assert [one.field for one in played.amends] == ["text"]


def test_a_lamp_that_is_dangerous() -> None:
    converse(
        lampu,
        """
> lampu
< Di mana lampunya? Tulis jalan dan patokannya.
> samping pos ronda
< Lampunya bagaimana?
  1 Mati
  2 Berkedip
  3 Rusak atau roboh
> roboh
< Ada kabel yang terbuka?
  1 Ya
  2 Tidak
> ya
< Jangan mendekat, dan telepon 112 bila ada yang tersengat.
  Terima kasih. Petugas kami akan memeriksanya.
""",
    )
