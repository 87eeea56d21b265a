"""Files in forms: taken only where a page awaits one, from somebody with an account, while the disk has room.

Django writes every file of every form to the disk before it looks at the address, the account, or the form's token:
without this anybody could fill it.
"""

import shutil
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest


def takes_files[View: Callable[..., Any]](view: View) -> View:
    """Marks a view whose form holds a file."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def had_no_room(request: HttpRequest) -> bool:
    """Whether a file was not taken because the disk is too full for it."""
    return getattr(request, "had_no_room", False)


class Gate(FileUploadHandler):
    """Stands before the handlers that write; what is not awaited ends the reading."""

    def handle_raw_input(self, source: Any, headers: Any, announced: int, *args: Any, **kwargs: Any) -> None:
        """Remembers how much was announced."""
        self.announced = announced

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Raises StopUpload where no file is awaited, or no room is left for it and what is made of it."""
        super().new_file(*args, **kwargs)
        match = self.request.resolver_match
        if not (match and getattr(match.func, "takes_files", False) and self.request.actor.known):
            raise StopUpload(connection_reset=True)
        free = shutil.disk_usage(settings.FILE_UPLOAD_TEMP_DIR).free
        if free < 3 * self.announced + settings.UPLOAD_RESERVE_BYTES:
            self.request.had_no_room = True
            raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
