"""Doings at the same moment, each on a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections, connection

from festival.kit.errors import Refused


def together(*doings: Callable[[], Any]) -> list[Any]:
    """Run all at once, each on its own connection; gives results, a refusal as itself."""
    gate = threading.Barrier(len(doings))
    results: list[Any] = [None] * len(doings)

    def run(place: int) -> None:
        try:
            gate.wait()
            results[place] = doings[place]()
        except Refused as refused:
            results[place] = refused
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(doings))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
