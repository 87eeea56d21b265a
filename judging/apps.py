"""What is told to the floors below when the site starts."""

from django.apps import AppConfig


class JudgingConfig(AppConfig):
    name = "judging"

    def ready(self) -> None:
        from festival.awards import objection_registry
        from festival.people.roles import Role
        from festival.team import registry
        from judging.award_return import take_back
        from judging.film_lists import film_lists
        from judging.invitation_brief import brief_for_judges
        from submissions.list_registry import register_lists

        objection_registry.register(take_back)
        register_lists(film_lists)
        registry.register(Role.JUDGE, brief=brief_for_judges, start="judging:availability")
        for role in (Role.CHAIR, Role.ORGANISER, Role.TECHNICIAN):
            registry.register(role, brief=lambda _edition: [], start="judging:desk")
