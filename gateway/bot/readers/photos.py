"""A photo."""

from gateway.bot.reading import Again, Heard, Reader


class _Photo(Reader[tuple[str, ...]]):
    """The pictures that came along: of each the digest, or where its bytes are while they are not fetched."""

    gives = tuple[str, ...]
    hint = "again_photo"

    def read(self, heard: Heard) -> tuple[str, ...]:
        pictures = [file for file in heard.report.attachments if file.media_type.startswith("image/")]
        if not pictures:
            raise Again
        return tuple(file.digest or file.reference or file.name or "" for file in pictures)


photo: Reader[tuple[str, ...]] = _Photo()
