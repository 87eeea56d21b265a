"""Files in forms: taken only where a page awaits one, from somebody who is known, while the disk has room.

Django writes every file of every form to the disk before it looks at the address, the account, or the form's token:
without this anybody could fill it.
"""

import shutil
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

FORM_BYTES = 64 << 10  # of a form around its file
DRAINED_BYTES = (
    32 << 20
)  # read and thrown away, so that the answer arrives; more than that breaks the connection


def takes_files[View: Callable[..., Any]](view: View) -> View:
    """Marks a view whose form holds a file."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def takes_small_files[View: Callable[..., Any]](
    most_bytes: int | Callable[..., int], *, admits: Callable[..., bool] | None = None
) -> Callable[[View], View]:
    """Marks a view whose form holds files of at most so many bytes in all; more is not written to the disk.

    A function is asked with the parts of the address. `admits` says of somebody without an account whether files are
    taken, from the request and the parts of the address.
    """

    def mark(view: View) -> View:
        view.most_bytes = most_bytes  # type: ignore[attr-defined]
        view.admits = admits  # type: ignore[attr-defined]
        return takes_files(view)

    return mark


def was_too_large(request: HttpRequest) -> bool:
    """Whether a file was not taken because it is larger than the view takes."""
    return getattr(request, "was_too_large", False)


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
        if not (match and getattr(match.func, "takes_files", False) and self._may(match)):
            raise StopUpload(connection_reset=True)
        most = getattr(match.func, "most_bytes", None)
        if callable(most):
            most = most(**match.kwargs)
        if most is not None and self.announced > most + FORM_BYTES:
            self.request.was_too_large = True
            raise StopUpload(connection_reset=self.announced > DRAINED_BYTES)
        free = shutil.disk_usage(settings.FILE_UPLOAD_TEMP_DIR).free
        if free < 3 * self.announced + settings.UPLOAD_RESERVE_BYTES:
            self.request.had_no_room = True
            raise StopUpload(connection_reset=True)

    def _may(self, match: Any) -> bool:
        admits = getattr(match.func, "admits", None)
        return bool(self.request.actor.known or (admits and admits(self.request, **match.kwargs)))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
