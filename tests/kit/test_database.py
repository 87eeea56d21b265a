"""SQLite is told to look at its tables; a server looks by itself."""

import pytest
from django.db import connection

from festival.kit.database import learn_sizes
from submissions import tasks
from tests.factories import make_edition

pytestmark = pytest.mark.django_db


def known() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT idx, stat FROM sqlite_stat1 WHERE tbl = 'edition_edition'")
        return dict(cursor.fetchall())


@pytest.mark.parametrize("look", [learn_sizes, tasks.sweep])
def test_sizes_are_known_after_a_look(look) -> None:
    for _number in range(3):
        make_edition()
    look()
    if connection.vendor != "sqlite":
        return  # nothing had to be told
    assert all(stat.startswith("3 ") for name, stat in known().items()) and known()
