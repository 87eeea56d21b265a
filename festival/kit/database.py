"""What a database wants to be told from time to time."""

from django.db import connection

ROWS = (
    1000  # of each index: as good as all of them, and a few milliseconds where there are a hundred thousand
)


def learn_sizes() -> None:
    """Have SQLite look how many rows its tables have and how they are spread: it chooses indexes by that, and never
    looks by itself. PostgreSQL's autovacuum does. Other connections know it once they are opened anew.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit={ROWS}")
            cursor.execute("ANALYZE")
