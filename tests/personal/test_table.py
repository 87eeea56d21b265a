"""The table of decisions is whole: no model, no column and no reason is forgotten."""

import pytest
from django.apps import apps
from django.db.models import Field, JSONField, Model, TextField

from festival.people.models import User
from personal.holding import Act, Fate, Holding, named
from personal.reasons import HELD, STAYS, TERMS
from personal.table import HOLDINGS, NOTHING, TECHNICAL
from submissions.models import Entry

MODELS = list(apps.get_models(include_auto_created=True))
BY_MODEL = {holding.model: holding for holding in HOLDINGS}


def related() -> set[type[Model]]:
    """Every model that leads to an account or to an entry, however many steps it takes."""
    found: set[type[Model]] = {User, Entry}
    while True:
        more = {
            model
            for model in MODELS
            if model not in found
            and any(
                field.remote_field and field.related_model in found for field in model._meta.concrete_fields
            )
        }
        if not more:
            return found
        found |= more


def test_every_model_has_a_decision() -> None:
    assert set(BY_MODEL) | set(NOTHING) == set(MODELS)
    assert set(BY_MODEL) & set(NOTHING) == set()
    assert len(BY_MODEL) == len(HOLDINGS)


def test_what_is_said_to_hold_nothing_leads_to_nobody() -> None:
    assert related() & set(NOTHING) == set()


def test_the_walk_sees_a_relation_over_several_steps() -> None:
    assert {model._meta.label for model in related()} >= {"judging.Score", "submissions.FindingRow"}


def named_columns(holding: Holding) -> set[str]:
    lookups = [named(column)[1] for column in holding.columns]
    for way in holding.ways:
        lookups += [named(column)[1] for column in way.columns]
        lookups += [way.by, way.email]
    lookups += [*holding.entry, holding.code, *holding.did, holding.at]
    return {lookup.partition("__")[0] for lookup in lookups if lookup}


@pytest.mark.parametrize("holding", HOLDINGS, ids=lambda holding: holding.key)
def test_every_column_is_exported_or_held_back_with_a_reason(holding: Holding) -> None:
    columns = {field.name for field in holding.model._meta.concrete_fields}
    decided = named_columns(holding) | set(holding.held)
    if "*" not in holding.held:
        assert columns - decided - TECHNICAL == set()
    assert set(holding.held) - columns - {"*"} == set()
    assert (set(holding.held) & named_columns(holding)) - set(holding.did) - {
        holding.at,
        *holding.entry,
    } == set()


@pytest.mark.parametrize("holding", HOLDINGS, ids=lambda holding: holding.key)
def test_every_reason_and_term_is_written_down(holding: Holding) -> None:
    assert {end.why for _place, end in holding.all_ends()} - set(STAYS) - {""} == set()
    assert [end for _place, end in holding.all_ends() if end.act != Act.DELETE and not end.why] == []
    assert set(holding.held.values()) - set(HELD) == set()
    assert holding.term in TERMS
    if holding.entry or holding.code:
        assert {Fate.CLOSED, Fate.SHOWN} <= set(holding.ends)


def test_names_of_tables_are_used_once() -> None:
    names = [holding.key for holding in HOLDINGS]
    names += [way.name for holding in HOLDINGS for way in holding.ways if way.name]
    assert len(names) == len(set(names))


def test_only_text_is_scrubbed() -> None:
    texts: list[Field] = [
        holding.model._meta.get_field(column)
        for holding in HOLDINGS
        for _place, end in holding.all_ends()
        for column in end.scrub
    ]
    assert texts
    assert all(isinstance(field, JSONField | TextField) or field.max_length for field in texts)
