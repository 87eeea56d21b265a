"""Filling slots from a standing, without a database."""

from hypothesis import given
from hypothesis import strategies as st

from judging.logic.laurels import Place, Ranked, Slot, propose

STANDING = [
    Ranked("A", "story", 1),
    Ranked("B", "story", 2),
    Ranked("C", "animation", 3),
    Ranked("D", "story", 4),
    Ranked("E", "animation", None),
]


def rank(number: int) -> dict:
    return {"code": "rank", "rank": number}


def test_slots_are_filled_in_order_of_precedence_by_rank():
    assert propose([Slot("grand", 1), Slot("second", 2)], STANDING) == [
        Place("grand", 1, "A", rank(1)),
        Place("second", 1, "B", rank(2)),
        Place("second", 2, "C", rank(3)),
    ]


def test_a_track_slot_takes_that_track_only_and_no_film_twice():
    slots = [Slot("grand", 1), Slot("animation", 1, "animation"), Slot("second", 1)]
    assert [place.film for place in propose(slots, STANDING)] == ["A", "C", "B"]


def test_places_stay_vacant_when_films_run_out_and_unscored_films_get_nothing():
    places = propose([Slot("grand", 1), Slot("animation", 3, "animation")], STANDING)
    assert [(place.film, place.why["code"]) for place in places] == [
        ("A", "rank"),
        ("C", "rank"),
        ("", "no_film"),
        ("", "no_film"),
    ]


def test_a_tie_across_the_border_names_those_left_out():
    tied = [
        Ranked("X", "story", 1),
        Ranked("W", "story", 2),
        Ranked("V", "story", 2),
        Ranked("Z", "story", 2),
    ]
    places = propose([Slot("grand", 3)], tied)
    assert [place.film for place in places] == ["X", "V", "W"]
    assert places[0].why == rank(1)
    assert places[1].why == places[2].why == {"code": "tied", "rank": 2, "films": ["Z"]}


def test_a_tie_within_the_border_is_no_tie():
    tied = [Ranked("A", "story", 1), Ranked("B", "story", 1), Ranked("C", "story", 3)]
    assert [place.why["code"] for place in propose([Slot("first", 2), Slot("third", 1)], tied)] == [
        "rank"
    ] * 3


TRACKS = st.sampled_from(["story", "animation"])
FILMS = st.lists(
    st.builds(Ranked, st.text("ABCDEFGH", min_size=3, max_size=3), TRACKS, st.none() | st.integers(1, 9)),
    unique_by=lambda film: film.film,
    max_size=12,
)
SLOTS = st.lists(
    st.builds(
        Slot, st.text("abcdef", min_size=1, max_size=4), st.integers(1, 4), st.sampled_from(["", "story"])
    ),
    unique_by=lambda slot: slot.slug,
    max_size=5,
)


@given(SLOTS, FILMS, st.randoms())
def test_whatever_the_standing_the_list_is_just(slots, films, random):
    places = propose(slots, films)
    shuffled = list(films)
    random.shuffle(shuffled)
    assert propose(slots, shuffled) == places
    by_code = {film.film: film for film in films}
    order = {slot.slug: index for index, slot in enumerate(slots)}
    tracks = {slot.slug: slot.track for slot in slots}
    assert [place.slot for place in places] == [slot.slug for slot in slots for _place in range(slot.places)]
    holders = {place.film: place for place in places if place.film}
    assert len(holders) == sum(1 for place in places if place.film)
    for place in places:
        assert not place.film or tracks[place.slot] in ("", by_code[place.film].track)
        for film in films:
            if film.rank is None:
                assert film.film not in holders
                continue
            held = holders.get(film.film)
            better = held and (order[held.slot], held.place) <= (order[place.slot], place.place)
            if tracks[place.slot] in ("", film.track) and not better:
                # Nobody who may have this place and holds nothing better stands before its holder.
                assert place.film and by_code[place.film].rank <= film.rank
