#!/usr/bin/env python
"""Django's command line for Firstlight."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festival.settings")
    from django.core.management import execute_from_command_line

    import festival.celery  # noqa: F401  (commands send tasks through it)

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
