"""Scripts that import each other do so by hashed names; style sheets are one file."""

import re

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.template.loader import render_to_string

from festival.kit.statics import STYLES, style_names


def test_modules_name_each_other_by_their_content(tmp_path, settings):
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "festival.kit.statics.HashedStatics"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    start = tmp_path / staticfiles_storage.stored_name("js/upload.js")
    seen, waiting = set(), [start]
    while waiting:
        script = waiting.pop()
        seen.add(script)
        for name in re.findall(r'(?:from |import\()"\./([^"]+)"', script.read_text()):
            assert re.fullmatch(r"[\w-]+\.[0-9a-f]{12}\.js", name), f"{script.name} imports {name}"
            if script.with_name(name) not in seen:
                waiting.append(script.with_name(name))
    assert len(seen) >= 6


def test_all_style_sheets_are_one_file_in_their_order(tmp_path, settings):
    assert render_to_string("base.html").count('rel="stylesheet"') == len(style_names())
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "festival.kit.statics.HashedStatics"}}
    source = settings.BASE_DIR / "static"
    for _again in range(2):  # over what the last time left
        call_command("collectstatic", interactive=False, verbosity=0)
        whole = b"\n".join((source / name).read_bytes() for name in style_names())
        assert (tmp_path / STYLES).read_bytes() == whole
    page = render_to_string("base.html")
    assert page.count('rel="stylesheet"') == 1
    assert f'<link rel="stylesheet" href="{staticfiles_storage.url(STYLES)}">' in page
