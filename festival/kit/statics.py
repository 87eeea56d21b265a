"""Static files named by their content, modules included, and all style sheets in one."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLES = "css/site.css"
"""Made by collectstatic. Two dozen requests for small sheets would stand before a film in a browser's queue."""


def style_names() -> list[str]:
    """The style sheets in the order in which templates/_styles.html loads them."""
    text = (Path(settings.BASE_DIR) / "templates" / "_styles.html").read_text()
    return re.findall(r"css/[\w-]+\.css", text)


def styles_url() -> str:
    """The address of all style sheets in one; empty where static files are served as they lie in the source."""
    return str(staticfiles_storage.url(STYLES)) if isinstance(staticfiles_storage, HashedStatics) else ""


class HashedStatics(CompressedManifestStaticFilesStorage):
    """Scripts import each other by hashed names too, so that no browser mixes modules of two releases."""

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """As ever, with the style sheets put into one before."""
        if not dry_run:
            sheets = [Path(self.path(name)).read_bytes() for name in style_names()]
            self.delete(STYLES)
            self.save(STYLES, ContentFile(b"\n".join(sheets)))
            paths[STYLES] = (self, STYLES)
        yield from super().post_process(paths, dry_run, **options)
