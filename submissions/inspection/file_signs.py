"""What a file is, told by its first bytes and never by its name."""

HEAD = 4096
"""Bytes to be handed over."""

PICTURES = ("jpeg", "png", "webp")
OTHER_PICTURES = ("gif", "tiff", "heif", "avif", "bmp", "psd")
FILM = "film"

_STARTS = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"8BPS", "psd"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"{\\rtf", "rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"\xfd7zXZ\0", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
    (b"ID3", "sound"),
    (b"fLaC", "sound"),
    (b"OggS", "sound"),
    (b"\x1a\x45\xdf\xa3", FILM),
    (b"\x06\x0e\x2b\x34", FILM),
)
_RIFF = {b"WEBP": "webp", b"AVI ": FILM, b"WAVE": "sound"}
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"), "heif"),
    **dict.fromkeys((b"avif", b"avis"), "avif"),
    **dict.fromkeys((b"M4A ", b"M4B "), "sound"),
}
_WEB = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe")


def sign_of(head: bytes) -> str:
    """ "jpeg", "pdf", "film", "html" …; "unknown" for what only its whole content can tell, such as plain text."""
    for start, sign in _STARTS:
        if head.startswith(start):
            return sign
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "unknown")
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], FILM)
    if head[4:8] in (b"moov", b"wide", b"mdat", b"free"):
        return FILM
    if len(head) > 376 and head[0] == head[188] == head[376] == 0x47:
        return FILM
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return "bmp"
    return _markup(head)


def _markup(head: bytes) -> str:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(_WEB):
        return "html"
    if text.startswith((b"<svg", b"<!doctype svg")) or (
        text.startswith((b"<?xml", b"<!--")) and b"<svg" in text
    ):
        return "svg"
    if text.startswith((b"<?xml", b"<!--")) and b"<html" in text:
        return "html"
    return "unknown"
