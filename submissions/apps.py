"""What is told to the floors below when the site starts."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "submissions"

    def ready(self) -> None:
        from submissions.audiences import tell_post

        tell_post()
