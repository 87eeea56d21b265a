"""The picture's detectors on real films with planted faults, and on clean ones."""

import numpy as np
import pytest

from festival.edition.rulebook import IMAGE_FAULTS, Rulebook
from submissions.inspection.flash import luminance_table
from submissions.inspection.measure import measure
from submissions.inspection.report import Measurements
from submissions.inspection.rules import judge
from submissions.inspection.runner import inspect_film
from submissions.inspection.slides import is_slide
from submissions.inspection.synthetic import (
    Black,
    Cadence,
    Enlarged,
    Flash,
    Flicker,
    Interlace,
    Letterbox,
    Logo,
    Pillarbox,
    Planted,
    Range,
    Slides,
    make_film,
)

STRICT = Rulebook.from_toml(
    f"[flash]\nsafe = true\n[image]\nfree_of = {list(IMAGE_FAULTS)}\nmax_still = 0.3\n".replace("'", '"')
)
SMALL = {"width": 320, "height": 180, "seconds": 5.0, "audio": False}
MIDDLE = {"width": 640, "height": 360, "seconds": 5.0, "audio": False}


def look(folder, *faults, **options) -> tuple[Planted, Measurements]:
    planted = make_film(folder / "film.mp4", faults=faults, **{**SMALL, **options})
    film, *_ = measure(planted.path, folder, lambda *_: None, still_after={}, most_frames=60_000)
    return planted, film


def found(film: Measurements) -> dict[str, tuple[tuple[float, float], ...]]:
    return {finding.rule: finding.times for finding in judge(film, STRICT)[1]}


@pytest.mark.parametrize("look_name", ["mountains", "rain", "ink", "strokes"])
def test_a_clean_film_raises_nothing_and_its_cuts_are_told(tmp_path, look_name):
    planted, film = look(tmp_path, look=look_name, seed=2, fps=25)
    assert found(film) == {}
    assert film.shots.cuts == pytest.approx(planted.cuts, abs=1 / 25)
    assert film.shots.count == len(planted.cuts) + 1
    assert film.shots.average == pytest.approx(5 / film.shots.count, abs=0.01)
    facts = film.picture
    assert (facts.bars.kind, facts.scan, facts.cadence, facts.marks) == ("none", "progressive", None, ())


@pytest.mark.parametrize(
    ("rule", "fault", "options"),
    [
        ("flash", Flash(1.0, 3.5, 5), {"look": "rain"}),
        ("flash", Flash(1.0, 3.5, 8, area=0.3), {"look": "ink", "fps": 25, "codec": "libx265"}),
        ("red_flash", Flash(1.0, 3.5, 6, red=True), {"look": "ocean"}),
        ("repeated_frames", Cadence(8, 1.0, 4.0), {}),
        ("repeated_frames", Cadence(12, 0.0, 5.0), {"look": "rain", "fps": 25}),
        ("repeated_frames", Cadence(16, 1.0, 4.0), {"look": "ink"}),
        ("flicker", Flicker(1.0, 4.0, 8, 4), {"look": "ocean"}),
        ("interlaced", Interlace(0.0, 5.0), {"look": "rain", **MIDDLE, "fps": 25}),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found_with_its_times_and_nothing_else(tmp_path, rule, fault, options):
    planted, film = look(tmp_path, fault, **options)
    [fault] = planted.faults
    times = found(film)
    assert set(times) - {"flash"} == {rule} - {"flash"}
    frame = 1 / min(float(planted.fps), getattr(fault, "rate", 99) if rule == "repeated_frames" else 99)
    assert (times[rule][0][0], times[rule][-1][1]) == pytest.approx((fault.start, fault.end), abs=2 * frame)


def test_what_the_standard_allows_is_no_flash(tmp_path):
    for number, flash in enumerate([Flash(1, 2.5, 3), Flash(1, 4, 10, area=0.2), Flash(1, 2, 2)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        _, film = look(folder, flash, look="rain")
        assert not {"flash", "red_flash", "flash_extended"} & set(found(film)), flash


def test_slow_flashing_fails_when_it_goes_on(tmp_path):
    planted, film = look(tmp_path, Flash(0.5, 5.5, 2.5), look="rain", seconds=6.0)
    [fault] = planted.faults
    assert found(film)["flash_extended"] == (pytest.approx((fault.start, fault.end), abs=1 / 12),)
    assert film.picture.flashes.most == 2.5


def test_flash_luminance_follows_the_standards_display():
    sdr = luminance_table(False, 1)
    assert sdr[[16, 235]] == pytest.approx([0, 200])
    assert sdr[126] == pytest.approx(200 * (110 / 219) ** 2.4)
    assert luminance_table(True, 1)[[0, 255]] == pytest.approx([0, 200])
    pq = luminance_table(False, 16)
    assert pq[235] == pytest.approx(10_000, rel=1e-3)
    assert pq[round(16 + 219 * 0.508)] == pytest.approx(100, rel=0.08)
    assert np.all(np.diff(luminance_table(False, 18)) >= 0)


@pytest.mark.parametrize(
    ("faults", "kind", "sides"),
    [
        ((Letterbox(2.39),), "letterbox", (46, 46, 0, 0)),
        ((Pillarbox(4 / 3),), "pillarbox", (0, 0, 80, 80)),
        ((Pillarbox(4 / 3), Letterbox(2.2)), "windowbox", (34, 34, 80, 80)),
    ],
)
def test_bars_are_measured_to_the_pixel(tmp_path, faults, kind, sides):
    _, film = look(tmp_path, *faults, **(MIDDLE | {"seconds": 3.0}))
    bars = film.picture.bars
    assert bars.kind == kind
    assert (bars.top, bars.bottom, bars.left, bars.right) == pytest.approx(sides, abs=2)
    assert ("windowbox" in found(film)) == (kind == "windowbox")


def test_bars_that_come_are_a_change(tmp_path):
    _, film = look(tmp_path, Letterbox(2.0, 2.5, None), look="ocean", **MIDDLE)
    assert found(film)["changing_bars"] == ((2.5, 2.5),)


def test_telecine_is_told_from_interlace(tmp_path):
    _, film = look(tmp_path, Interlace(0.0, 5.0, pulldown=True), look="rain", **MIDDLE, fps=29.97)
    assert film.picture.scan == "telecine"


def test_the_source_rate_of_repeats(tmp_path):
    for number, (rate, fps) in enumerate([(8, 24), (15, 30), (20, 25)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        _, film = look(folder, Cadence(rate, 0.0, 4.0), fps=fps, seconds=4.0, look="rain")
        assert film.picture.cadence.source_rate == pytest.approx(rate, rel=0.01)


def test_stills_that_are_only_zoomed(tmp_path):
    _, film = look(tmp_path, Slides(0.0, 5.0, 0.03), look="rain")
    assert film.picture.slide_share > 0.7
    assert film.picture.still_share < 0.1
    assert "slideshow" in found(film)


def test_a_still_is_told_from_what_moves_in_it():
    rows, columns = np.mgrid[:45, :80].astype(np.float32)
    one = 120 + 60 * np.sin(columns / 5) * np.cos(rows / 4)
    moved = 120 + 60 * np.sin((columns + 1.3) / 5) * np.cos(rows / 4)
    other = one.copy()
    other[15:30, 20:50] = 250 - other[15:30, 20:50]
    assert is_slide(one, one)
    assert is_slide(one, moved)
    assert not is_slide(one, other)


def test_levels_beyond_the_range(tmp_path):
    _, film = look(tmp_path, Range(1.0, 3.0), look="rain")
    assert film.picture.levels.share == pytest.approx(0.4, abs=0.05)
    assert (film.picture.levels.low, film.picture.levels.high) == (0, 255)


def test_an_enlarged_film_falls_off(tmp_path):
    options = {"width": 512, "height": 288, "seconds": 3.0, "look": "lanterns"}
    (tmp_path / "a").mkdir()
    _, sharp = look(tmp_path / "a", **options)
    _, soft = look(tmp_path, Enlarged(3), **options)
    assert found(sharp) == {}
    assert {"upscaled"} <= set(found(soft)) <= {"upscaled", "blurred"}
    assert soft.picture.blur > sharp.picture.blur + 0.1


def test_a_mark_in_a_corner_and_lettering_at_the_opening(tmp_path):
    _, film = look(tmp_path, Logo("top_right", 0.6), title="Night Train", **(MIDDLE | {"seconds": 10.0}))
    [mark] = film.picture.marks
    assert mark.place == "top_right"
    assert mark.x > 320
    assert mark.y + mark.height < 60
    assert film.picture.opening_text is not None
    asked = Rulebook.from_toml("[image]\nopening_label = true\n")
    assert judge(film, asked)[1] == ()


def test_a_film_without_lettering_is_told_when_a_label_is_asked_for(tmp_path):
    _, film = look(tmp_path, look="ink", seconds=3.0)
    asked = Rulebook.from_toml("[image]\nopening_label = true\n")
    assert [finding.rule for finding in judge(film, asked)[1]] == ["opening_label"]


def test_black_is_no_flicker_and_no_bar(tmp_path):
    _, film = look(tmp_path, Black(1.0, 2.0), look="rain")
    assert found(film) == {}
    assert film.picture.flicker < 1.0


def test_a_flash_has_a_still_as_evidence(tmp_path):
    planted = make_film(tmp_path / "film.mp4", faults=[Flash(1.0, 3.0, 5)], look="rain", **SMALL)
    report = inspect_film(planted.path, STRICT, tmp_path / "out")
    [finding] = [finding for finding in report.findings if finding.rule == "flash"]
    assert (finding.severity, report.verdict) == ("fix", "fix")
    assert finding.stills
    assert (tmp_path / "out" / finding.stills[0]).exists()
