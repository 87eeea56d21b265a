"""Files beside a film in the real child: what is taken, what is refused, and that nothing but pixels comes out."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from submissions.inspection.attached_error import AttachedError
from submissions.inspection.attached_file import AttachedFile
from submissions.inspection.attached_reader import read_attached
from submissions.inspection.attached_words import REFUSALS, attached_refusal
from submissions.inspection.confined import ChildError
from submissions.inspection.document_file import FORMS
from submissions.inspection.file_signs import sign_of
from submissions.inspection.limits import Limits
from submissions.inspection.picture_file import LEAST_SIDE, MOST_PIXELS, PictureFacts, variant_files

GPS, SECRET = 0x8825, b"<script>alert(1)</script>"


def colours(width: int = 960, height: int = 540) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    image.paste((30, 30, 200), (width // 2, 0, width, height))
    return image


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that says it is so large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(5_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def archive(*names: str, **contents: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in names:
            made.writestr(name, contents.get(name, "x"))
    return file.getvalue()


@pytest.fixture
def look(tmp_path: Path) -> Callable[..., AttachedFile]:
    """Read bytes as the worker does; variants stand in tmp_path / "out"."""

    def read(data: bytes, *holds: str) -> AttachedFile:
        path = tmp_path / "file.bin"
        path.write_bytes(data)
        return read_attached(path, holds or ("picture",), tmp_path / "out")

    return read


def facts(found: AttachedFile) -> PictureFacts:
    assert found.picture is not None
    return found.picture


def variants(folder: Path, made: PictureFacts) -> list[Path]:
    return [folder / "out" / name for width, _height in made.variants for name in variant_files(width)]


def test_a_photograph_comes_out_upright_in_a_few_widths_and_with_nothing_but_pixels(
    look: Callable[..., AttachedFile], tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[GPS] = 6, "A camera", {1: "N", 2: (31.0, 14.0, 0.0)}
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">secret</x:xmpmeta>'
    data = saved(colours(1600, 900), "JPEG", exif=exif, xmp=xmp, comment=SECRET)
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x04\x1c\x02\x05\x00"
    data = data[:2] + b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc + data[2:]
    made = facts(look(data))
    assert (made.form, made.width, made.height, made.turned) == ("jpeg", 900, 1600, True)
    assert made.removed == ("exif", "gps", "iptc", "text", "xmp")
    assert made.variants == ((320, 569), (640, 1138), (900, 1600))
    for path in variants(tmp_path, made):
        with Image.open(path) as image:
            image.load()
            assert image.format == ("WEBP" if path.suffix == ".webp" else "JPEG")
            assert image.mode == "RGB"
            assert dict(image.getexif()) == {} and dict(image.getexif().get_ifd(GPS)) == {}
            assert set(image.info) <= {
                "jfif",
                "jfif_version",
                "jfif_unit",
                "jfif_density",
                "progressive",
                "progression",
                "loop",
                "background",
                "timestamp",
                "duration",
            }
            top, bottom = image.getpixel((10, 10)), image.getpixel((10, image.height - 10))
            assert top[0] > 150 > bottom[0] and bottom[2] > 150 > top[2]  # red was left, now it is above
        raw = path.read_bytes()
        for trace in (b"Exif", b"secret", b"script", b"A camera", b"Photoshop", b"adobe", b"ICC_PROFILE"):
            assert trace not in raw


@pytest.mark.parametrize(
    ("mode", "form", "colour", "deep", "see_through"),
    [
        ("RGB", "PNG", "rgb", False, False),
        ("RGBA", "PNG", "rgb", False, True),
        ("P", "PNG", "rgb", False, False),
        ("L", "PNG", "grey", False, False),
        ("LA", "PNG", "grey", False, True),
        ("1", "PNG", "grey", False, False),
        ("I;16", "PNG", "grey", True, False),
        ("CMYK", "JPEG", "cmyk", False, False),
        ("RGBA", "WEBP", "rgb", False, True),
    ],
)
def test_every_way_of_writing_colours_becomes_rgb_in_8_bits(
    look: Callable[..., AttachedFile],
    tmp_path: Path,
    mode: str,
    form: str,
    colour: str,
    deep: bool,
    see_through: bool,
) -> None:
    if mode == "I;16":
        image = Image.fromarray(np.full((300, 400), 0x8000, np.uint16))
    else:
        image = Image.new("RGB", (400, 300), (128, 128, 128)).convert(mode)
        if see_through:
            image.putalpha(Image.new("L", image.size, 0))
    made = facts(look(saved(image, form)))
    assert (made.colours, made.deep, made.see_through) == (colour, deep, see_through)
    for path in variants(tmp_path, made):
        with Image.open(path) as out:
            assert out.mode == "RGB"
            levels = np.asarray(out).mean(axis=(0, 1))
            wanted = 255 if see_through else 128  # what is transparent lies on white
            if mode not in ("1", "CMYK"):
                assert np.abs(levels - wanted).max() < 6


def test_a_profile_is_brought_to_srgb(look: Callable[..., AttachedFile], tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = facts(look(saved(colours(), "PNG", icc_profile=lab)))
    assert made.profile.startswith("sRGB")
    with Image.open(variants(tmp_path, made)[0]) as out:
        assert np.abs(np.asarray(out.getpixel((5, 5))) - (200, 30, 30)).max() < 8
    broken = facts(look(saved(colours(), "PNG", icc_profile=b"no profile at all" * 20)))
    assert broken.profile == ""


@pytest.mark.parametrize(
    ("data", "code", "values"),
    [
        (b"", "empty", {}),
        (bomb(50_000, 50_000), "too_many_pixels", {"width": 50_000, "height": 50_000}),
        (bomb(16_001, 300), "too_many_pixels", {"width": 16_001, "height": 300}),
        (bomb(9_000, 9_000), "truncated", {}),
        (saved(colours(LEAST_SIDE, LEAST_SIDE - 1), "PNG"), "too_small", {"width": 240, "height": 239}),
        (saved(colours(), "JPEG")[:4000], "truncated", {}),
        (saved(colours(), "PNG")[:1500], "truncated", {}),
        (saved(colours(), "WEBP")[:400], "broken", {}),
        (b"\xff\xd8\xff" + b"no jpeg" * 300, "broken", {}),
        (saved(colours(), "GIF"), "other_picture", {"found": "gif"}),
        (saved(colours(), "TIFF"), "other_picture", {"found": "tiff"}),
        (saved(colours(), "BMP"), "other_picture", {"found": "bmp"}),
        (b"\0\0\0\x18ftypheic" + bytes(200), "other_picture", {"found": "heif"}),
        (b'<?xml version="1.0"?>\n<svg onload="alert(1)"/>', "svg", {}),
        (b"\xef\xbb\xbf  <!DOCTYPE html><script>1</script>", "html", {}),
        (archive("poster.jpg"), "not_a_picture", {"found": "zip"}),
        (b"%PDF-1.7 poster", "not_a_picture", {"found": "pdf"}),
        (b"MZ" + bytes(400), "not_a_picture", {"found": "program"}),
        (b"just words", "not_a_picture", {"found": "unknown"}),
    ],
)
def test_what_no_poster_can_be_is_refused_with_a_reason(
    look: Callable[..., AttachedFile], data: bytes, code: str, values: dict
) -> None:
    with pytest.raises(AttachedError) as refused:
        look(data)
    assert (refused.value.code, refused.value.values) == (code, values)
    for language in ("en", "zh"):
        said = attached_refusal(code, values, language)
        assert said != attached_refusal("crashed", {}, language) and "{" not in said and "?" not in said


@pytest.mark.parametrize("form", ["WEBP", "PNG"])
def test_what_moves_is_refused(look: Callable[..., AttachedFile], form: str) -> None:
    frames = [colours(), colours().rotate(180)]
    with pytest.raises(AttachedError) as refused:
        look(saved(frames[0], form, save_all=True, append_images=frames[1:]))
    assert refused.value.code == "animated"


def test_a_photograph_with_a_second_one_inside_is_one_photograph(look: Callable[..., AttachedFile]) -> None:
    made = facts(look(saved(colours(), "MPO", save_all=True, append_images=[colours(480, 270)])))
    assert (made.form, made.width, made.height) == ("jpeg", 960, 540)


def test_a_web_page_hidden_in_a_photograph_stays_behind(
    look: Callable[..., AttachedFile], tmp_path: Path
) -> None:
    page = b"<html><body>" + SECRET + b"</body></html>"
    data = saved(colours(), "JPEG", comment=page) + page
    made = facts(look(data))
    assert all(b"script" not in path.read_bytes() for path in variants(tmp_path, made))


def test_the_largest_that_is_taken_fits_into_the_child(look: Callable[..., AttachedFile]) -> None:
    side = 10_000
    assert side * side == MOST_PIXELS
    made = facts(look(saved(Image.new("CMYK", (side, side), (0, 90, 90, 0)), "JPEG")))
    assert made.variants[-1] == (2560, 2560)


def test_what_takes_too_much_is_the_files_fault(tmp_path: Path) -> None:
    path = tmp_path / "file.bin"
    path.write_bytes(saved(Image.new("RGBA", (6000, 6000)), "PNG"))
    with pytest.raises(AttachedError) as refused:
        read_attached(path, ["picture"], tmp_path / "out", limits=Limits(memory_bytes=300 << 20))
    assert refused.value.code == "too_heavy"
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"{\\rtf1 hello}", "rtf"),
        ("提示词：一盏灯\n".encode(), "text"),
        ("提示词：一盏灯\n".encode("gb18030"), "text"),
        ("提示詞\n".encode("utf-16"), "text"),
        (b'{"prompt": "a lamp"}', "text"),
        (archive("a.txt", "b/c.png"), "zip"),
        (archive("[Content_Types].xml", "word/document.xml"), "docx"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (archive("mimetype", mimetype="application/vnd.oasis.opendocument.text"), "odt"),
    ],
)
def test_documents_are_told_by_their_content(
    look: Callable[..., AttachedFile], data: bytes, form: str
) -> None:
    found = look(data, "document").document
    assert found is not None and found.form == form and form in FORMS


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macros"),
        (archive(), "empty"),
        (archive(*(f"{number}.txt" for number in range(5001))), "too_many_files"),
        (archive("a.txt")[:-8], "broken_archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not_a_document"),
        (bytes(range(256)) * 8, "not_a_document"),
        (b"\x7fELF" + bytes(60), "not_a_document"),
        (b"#!/bin/sh\nrm -rf /\n", "not_a_document"),
        (b"<html><script>1</script>", "html"),
        (saved(colours(), "JPEG"), "not_a_document"),
    ],
)
def test_what_is_no_document(look: Callable[..., AttachedFile], data: bytes, code: str) -> None:
    with pytest.raises(AttachedError) as refused:
        look(data, "document")
    assert refused.value.code == code


def test_a_kind_may_hold_several_things(look: Callable[..., AttachedFile]) -> None:
    everything = ("picture", "document", "film")
    assert facts(look(saved(colours(), "PNG"), *everything)).form == "png"
    assert look(b"\0\0\0\x18ftypisom" + bytes(64), *everything) == AttachedFile(film=True)
    assert look(b"words", *everything).document is not None


@pytest.mark.parametrize("name", ["moov", "ftypqt  ", "ftypmp42"])
def test_a_film_is_told_from_a_picture_in_the_same_container(name: str) -> None:
    assert sign_of(b"\0\0\0\x18" + name.encode() + bytes(16)) == "film"
    assert sign_of(b"\0\0\0\x18ftypavif") == "avif"


def test_a_zip_named_mov_is_no_trailer(look: Callable[..., AttachedFile]) -> None:
    with pytest.raises(AttachedError) as refused:
        look(archive("film.mov"), "film")
    assert (refused.value.code, refused.value.values) == ("not_a_film", {"found": "zip"})


def test_a_child_that_is_killed_is_no_refusal(tmp_path: Path) -> None:
    path = tmp_path / "file.bin"
    path.write_bytes(saved(colours(), "PNG"))
    with pytest.raises(ChildError) as error:
        read_attached(path, ["picture"], tmp_path / "out", limits=Limits(file_bytes=100))
    assert error.value.problem.code not in ("memory", "cpu", "too_slow")


def test_every_refusal_is_written_in_both_languages() -> None:
    assert all(len(pair) == 2 and all(pair) for pair in REFUSALS.values())
