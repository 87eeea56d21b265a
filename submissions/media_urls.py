"""Addresses of stored files."""

from django.urls import path

from submissions.views import media

urlpatterns = [path("media/<str:token>/<str:name>", media.media, name="media")]
