"""Which pictures are opened and shown."""

#: Pillow's name of each format, by media type.
FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
    "image/heif": "HEIF",
    "image/gif": "GIF",
    "image/bmp": "BMP",
}
