"""Every address of the site. tests/test_permissions.py decides for each who may see it."""

from django.urls import include, path

from festival.kit import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("", include("festival.people.urls")),
    path("", include("festival.post.urls")),
    path("", include("submissions.urls")),
    path("", include("judging.urls")),
]
