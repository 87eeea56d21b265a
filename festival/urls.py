"""Every address of the site. tests/test_permissions.py decides for each who may see it."""

from django.urls import include, path

from festival.edition.views import home
from festival.kit import health
from judging import award_urls, feedback_urls, meeting_urls, rehearsal_urls, round_urls, setup_urls
from judging import urls as judging_urls

JUDGING = (
    setup_urls.urlpatterns
    + judging_urls.urlpatterns
    + round_urls.urlpatterns
    + meeting_urls.urlpatterns
    + award_urls.urlpatterns
    + feedback_urls.urlpatterns
    + rehearsal_urls.urlpatterns
)
urlpatterns = [
    path("", home, name="home"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("", include("personal.urls")),
    path("", include("festival.people.urls")),
    path("", include("festival.post.urls")),
    path("", include("festival.team.urls")),
    path("", include("submissions.cohorts.urls")),
    path("", include("submissions.urls")),
    path("", include((JUDGING, "judging"))),
    path("", include("festival.premiere.urls")),
    path("", include("festival.awards.urls")),
    path("", include("festival.catalogue.urls")),
    path("", include("festival.edition.urls")),
]
