"""The web server's way in: `gunicorn --preload festival.wsgi`."""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festival.settings")

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from festival.celery import app as celery_app  # noqa: F401  (the web sends tasks through it)

application = get_wsgi_application()
# All views now, not with the first visitor: with --preload a worker that takes a dead one's place has them at once.
get_resolver().url_patterns  # noqa: B018
# What is loaded now stays: the search for garbage need not go through it again with a visitor waiting (a quarter of a
# second at some requests), and workers share the memory that it would otherwise write to.
gc.collect()
gc.freeze()
