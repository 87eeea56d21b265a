"""Scripts that import each other do so by hashed names."""

import re

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command


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
