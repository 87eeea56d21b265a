"""The browser lane's Chromium plays what the site makes and has letters for what it writes."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_chromium_plays_h264_with_aac(chromium: "Browser") -> None:
    page = chromium.new_page()
    kind = 'video/mp4; codecs="avc1.64001f, mp4a.40.2"'
    assert page.evaluate("kind => document.createElement('video').canPlayType(kind)", kind) == "probably"
    page.close()


def test_chinese_has_glyphs_of_its_own(chromium: "Browser") -> None:
    """Without a Chinese font every character is drawn as the same empty box."""
    page = chromium.new_page(viewport={"width": 200, "height": 100})
    pictures = set()
    for letter in "影展片":
        page.set_content(f"<p lang=zh-Hans>{letter}</p>")
        pictures.add(page.screenshot())
    page.close()
    assert len(pictures) == 3
