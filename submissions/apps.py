"""What is told to the floors below when the site starts."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "submissions"

    def ready(self) -> None:
        from festival.awards.audience_registry import register_makers
        from festival.catalogue import registry
        from festival.edition import change_registry
        from submissions.audiences import tell_post
        from submissions.change_notices import tell_entrants
        from submissions.originals import link_to, newest_by_code
        from submissions.queries import made_by, makers_by_code
        from submissions.showcase import showcase

        tell_post()
        change_registry.register(tell_entrants)
        register_makers(made_by)
        registry.register(showcase)
        registry.register_makers(makers_by_code)
        registry.register_originals(newest_by_code, link_to)
