"""What is told to the floors below when the site starts."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "submissions"

    def ready(self) -> None:
        from festival.awards.audience_registry import register_makers
        from submissions.audiences import tell_post
        from submissions.queries import made_by

        tell_post()
        register_makers(made_by)
