"""Cohorts: teams that work towards a film over months, with milestones, reviews, mentors and support."""

from django.apps import AppConfig


class CohortsConfig(AppConfig):
    name = "submissions.cohorts"
    label = "cohorts"
