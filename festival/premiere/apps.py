"""What is told to the floors below when the site starts."""

from django.apps import AppConfig


class PremiereConfig(AppConfig):
    name = "festival.premiere"

    def ready(self) -> None:
        from festival.catalogue.registry import register_hold, register_showings
        from festival.premiere.publishing import showings_of
        from festival.premiere.queries import waits_for_premiere

        register_hold(waits_for_premiere)
        register_showings(showings_of)
