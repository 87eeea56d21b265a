"""What is told to the floors below when the site starts."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "submissions"

    def ready(self) -> None:
        from festival.awards.audience_registry import register_makers
        from festival.catalogue.registry import register
        from submissions.audiences import tell_post
        from submissions.queries import made_by
        from submissions.showcase import showcase

        tell_post()
        register_makers(made_by)
        register(showcase)
