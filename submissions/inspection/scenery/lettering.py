"""Title lettering with whatever fonts the machine has; a line that no font can draw is left out."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFilter, ImageFont

type Mask = NDArray[np.floating[Any]]
type Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts",
            "/System/Library/Fonts", "/Library/Fonts", "C:/Windows/Fonts")  # fmt: skip
# Files that hold Chinese, most film-like first. In collections, the first face is near enough.
_CHINESE = ("NotoSerifCJK-Regular", "NotoSerifCJKsc-Regular", "NotoSerifSC", "SourceHanSerif", "LXGWWenKai",
            "Songti", "simsun", "uming", "ukai", "NotoSansCJK-Regular", "NotoSansSC", "PingFang", "msyh",
            "wqy-zenhei", "wqy-microhei", "DroidSansFallback")  # fmt: skip


def draw_title(lines: tuple[str, ...], *, width: int, height: int) -> Mask | None:
    """The lines as a mask (height, width), the first one large, in the lower left third.

    None when nothing can be drawn: no line, or no font for any of them.
    """
    fitting = [line for line in lines if line.strip() and _can_draw(line)]
    if not fitting:
        return None
    sheet = Pictures.new("L", (width, height))
    draw = ImageDraw.Draw(sheet)
    unit = min(width, height * 0.75)
    left, bottom = width * 0.075, height * 0.86
    for number, line in reversed(list(enumerate(fitting))):
        size, gap = (unit * 0.105, 0.1) if number == 0 else (unit * 0.046, 0.14)
        text = line if _is_chinese(line) else line.upper()
        if not _is_chinese(line):
            size *= 0.8
        size = min(size, size * width * 0.85 / max(1.0, _measure(text, size, gap)))
        bottom -= size * 1.35
        x = left
        for sign in text:
            draw.text((x, bottom), sign, fill=255, font=_font(_is_chinese(line), size))
            x += _advance(sign, _is_chinese(line), size) + size * gap
    return np.asarray(sheet, np.float32) / 255


def shadow(mask: Mask) -> Mask:
    """A wide soft shadow that keeps lettering readable on any picture."""
    sheet = Pictures.fromarray((mask * 255).astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(mask.shape[0] / 60)
    )
    return np.clip(np.asarray(sheet, np.float32) / 255 * 1.6, 0, 1)


def _is_chinese(text: str) -> bool:
    return any("\u2e80" <= sign <= "\u9fff" or "\uff00" <= sign <= "\uffef" for sign in text)


def _can_draw(line: str) -> bool:
    if _is_chinese(line):
        return _chinese_file() is not None
    return all(ord(sign) < 0x250 for sign in line)


@cache
def _chinese_file() -> Path | None:
    files: dict[str, Path] = {}
    for folder in _FOLDERS:
        root = Path(folder).expanduser()
        if root.is_dir():
            files |= {f.name: f for f in sorted(root.rglob("*.[ot]t[fc]"))}
    for stem in _CHINESE:
        for name, path in files.items():
            if name.lower().startswith(stem.lower()):
                try:
                    ImageFont.truetype(path, 24)
                except OSError:
                    continue
                return path
    return None


@cache
def _font(chinese: bool, size: float) -> Font:
    path = _chinese_file() if chinese else None
    if path is None:
        return ImageFont.load_default(size)
    # A Noto collection holds JP, KR, SC, TC, HK in this order; the others have one face or a Chinese one first.
    return ImageFont.truetype(path, size, index=2 if "CJK-" in path.name and path.suffix == ".ttc" else 0)


def _advance(sign: str, chinese: bool, size: float) -> float:
    return float(_font(chinese, size).getlength(sign))


def _measure(text: str, size: float, gap: float) -> float:
    chinese = _is_chinese(text)
    return sum(_advance(sign, chinese, size) + size * gap for sign in text)
