"""One picture beside a film (poster, still, portrait): looked at and made anew in the limited child.

What is published of a picture is never the file that came: it is decoded, turned upright, brought to sRGB in 8 bits on
white, and written again in a few widths as WebP and JPEG. Nothing but its pixels goes through: no EXIF, no place where
it was taken, no XMP, IPTC, comment or second picture inside.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from submissions.inspection.attached_error import AttachedError

VERSION = 1
"""Of the variants; a change of how they are made needs another."""

WIDTHS = (320, 640, 1280, 2560)
"""Of the variants, in pixels; a smaller picture's own width takes the place of the next."""

MOST_PIXELS = 100_000_000  # an A1 poster at 300 dots per inch has 70 million
MOST_SIDE = 16_000  # WebP ends at 16,383
LEAST_SIDE = 240
WEBP, JPEG = "webp", "jpg"

Image.MAX_IMAGE_PIXELS = None  # judged below, with the size in the sentence

_FORMS = {"JPEG": "jpeg", "MPO": "jpeg", "PNG": "png", "WEBP": "webp"}
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_ITS_SIDE = (5, 6, 7, 8)
_ORIENTATION, _GPS = 0x0112, 0x8825


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """A picture as shown: `width` × `height` in pixels, upright.

    `colours`: "grey", "rgb" or "cmyk", as the file has them. `removed` names what was in the file beside the picture
    and is in no variant: "gps", "exif", "xmp", "iptc", "text". `variants` are (width, height), the smallest first.
    """

    form: str
    width: int
    height: int
    colours: str = "rgb"
    deep: bool = False  # more than 8 bits a channel
    see_through: bool = False
    turned: bool = False
    profile: str = ""
    removed: tuple[str, ...] = ()
    variants: tuple[tuple[int, int], ...] = ()


def variant_files(width: int) -> tuple[str, str]:
    """Names of a variant's WebP and JPEG."""
    return f"{width}.{WEBP}", f"{width}.{JPEG}"


def picture(path: Path, folder: Path) -> PictureFacts:
    """Look at a picture and write its variants into `folder`; raises AttachedError."""
    try:
        with Image.open(path, formats=("JPEG", "PNG", "WEBP")) as image:
            return _Picture(image).made(folder)
    except AttachedError:
        raise
    except MemoryError:
        raise AttachedError("too_heavy") from None
    except Exception as error:  # Pillow raises a dozen kinds over what is broken
        if getattr(error, "errno", None):
            raise
        code = "truncated" if "truncated" in str(error).lower() else "broken"
        raise AttachedError(code) from error


class _Picture:
    """One picture on its way from the file to its variants."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        self.form = _FORMS[image.format or ""]
        width, height = image.size
        if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
            raise AttachedError("too_many_pixels", width=width, height=height)
        if min(width, height) < LEAST_SIDE:
            raise AttachedError("too_small", width=width, height=height)
        several = getattr(image, "n_frames", 1) > 1
        if several and image.format != "MPO":  # which is a photograph with the camera's small copy beside it
            raise AttachedError("animated")
        Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # for whatever Pillow still opens inside
        self.removed = set(_noted(image))
        self.turn = self._orientation()
        self.size = (height, width) if self.turn in _ON_ITS_SIDE else (width, height)
        self.scale = min(1.0, WIDTHS[-1] / self.size[0])

    def made(self, folder: Path) -> PictureFacts:
        """Decode, clean, write."""
        image = self.image
        mode, see_through = image.mode, _sees_through(image)
        if self.scale < 0.5:
            image.draft(None, (2 * self._scaled(image.width), 2 * self._scaled(image.height)))
        image.load()
        self.removed |= set(_noted(image))  # PNG may say more after its pixels
        clean, profile = self._clean(image, see_through)
        self.image.close()
        variants = tuple(_write(clean, folder))
        return PictureFacts(
            form=self.form,
            width=self.size[0],
            height=self.size[1],
            colours="cmyk" if mode == "CMYK" else "grey" if mode[0] in "1LIF" else "rgb",
            deep=mode[0] in "IF",
            see_through=see_through,
            turned=self.turn > 1,
            profile=profile,
            removed=tuple(sorted(self.removed)),
            variants=variants,
        )

    def _scaled(self, length: int) -> int:
        return max(1, round(length * self.scale))

    def _orientation(self) -> int:
        with suppress(Exception):  # whatever stands there in place of EXIF
            exif = self.image.getexif()
            if exif:
                self.removed.add("exif")
            if exif.get_ifd(_GPS):
                self.removed.add("gps")
            turn = int(exif.get(_ORIENTATION, 1))
            return turn if turn in _TURNS else 1
        return 1

    def _clean(self, image: Image.Image, see_through: bool) -> tuple[Image.Image, str]:
        """Upright, at most as wide as the widest variant, in sRGB, nothing but pixels; and the profile's name."""
        profile = image.info.get("icc_profile")
        plain = _eight_bits(image)
        if see_through:
            plain = _on_white(plain)
        elif plain.mode not in ("L", "RGB", "CMYK"):
            plain = plain.convert("RGB")
        raw = reversed(self.size) if self.turn in _ON_ITS_SIDE else self.size
        width, height = (min(now, self._scaled(once)) for now, once in zip(plain.size, raw))
        target = (width, height)
        if target != plain.size:
            plain = plain.resize(target, Image.Resampling.LANCZOS, reducing_gap=3.0)
        plain, name = _in_srgb(plain, profile)
        if self.turn in _TURNS:
            plain = plain.transpose(_TURNS[self.turn])
        return Image.frombytes("RGB", plain.size, plain.tobytes()), name


def _noted(image: Image.Image) -> Iterator[str]:
    """What the file says beside its pixels."""
    keys = {str(key).lower() for key in image.info}
    if "exif" in keys:
        yield "exif"
    if keys & {"xmp", "xml:com.adobe.xmp"}:
        yield "xmp"
    if keys & {"photoshop", "raw profile type iptc"}:
        yield "iptc"
    if "comment" in keys or getattr(image, "text", None):
        yield "text"


def _sees_through(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey in 16 bits or more brought down to 8; everything else as it is."""
    if image.mode[0] not in "IF":
        return image
    values = np.asarray(image)
    if image.mode[0] == "F":
        levels = np.clip(np.nan_to_num(values), 0, 255)
    else:
        levels = np.clip(values.astype(np.int64) >> 8, 0, 255)
    return Image.fromarray(levels.astype(np.uint8), "L")


def _on_white(image: Image.Image) -> Image.Image:
    layer = image.convert("RGBA")
    ground = Image.new("RGB", layer.size, (255, 255, 255))
    ground.paste(layer, mask=layer.getchannel("A"))
    return ground


def _in_srgb(image: Image.Image, profile: Any) -> tuple[Image.Image, str]:
    """The picture in sRGB, by its own profile where that can be used, and the profile's name."""
    name = ""
    if isinstance(profile, bytes) and profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            name = ImageCms.getProfileDescription(source).strip()[:80]
            image = ImageCms.profileToProfile(  # type: ignore[assignment]
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            name = ""
    return (image if image.mode == "RGB" else image.convert("RGB")), name


def _write(clean: Image.Image, folder: Path) -> Iterator[tuple[int, int]]:
    widths = [width for width in WIDTHS if width < clean.width] + [min(clean.width, WIDTHS[-1])]
    image = clean
    sizes = []
    for width in reversed(widths):  # each out of the next larger one
        height = max(1, round(clean.height * width / clean.width))
        if image.size != (width, height):
            image = image.resize((width, height), Image.Resampling.LANCZOS)
        webp, jpeg = variant_files(width)
        image.save(folder / webp, "WEBP", quality=82, method=4)
        image.save(folder / jpeg, "JPEG", quality=86, optimize=True, progressive=True)
        sizes.append((width, height))
    yield from reversed(sizes)
