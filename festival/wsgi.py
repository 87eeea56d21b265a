"""The web server's way in: `gunicorn festival.wsgi`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festival.settings")

from django.core.wsgi import get_wsgi_application

from festival.celery import app as celery_app  # noqa: F401  (the web sends tasks through it)

application = get_wsgi_application()
