"""Every address of the site. tests/test_permissions.py decides for each who may see it."""

from django.urls import include, path

from festival.kit import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
]
