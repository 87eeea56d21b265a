"""The colours of a film, second by second."""

import numpy as np
import pytest
from PIL import Image

from submissions.inspection.barcode import HEIGHT, MOST_COLUMNS, NAME, Barcode

RED, BLUE = (200, 0, 0), (0, 0, 200)


def frame(top, below=None):
    pixels = np.zeros((96, 160, 3), np.uint8)
    pixels[:] = top
    if below:
        pixels[48:] = below
    return Image.fromarray(pixels)


def drawn(barcode, folder, end):
    assert [still.file for still in barcode.write(folder, end)] == [NAME]
    with Image.open(folder / NAME) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def near(colour, wanted):
    return np.abs(np.subtract(colour, wanted)).max() < 20


def test_each_second_has_its_column(tmp_path):
    barcode = Barcode()
    for at in range(20 * 25):
        barcode.look(frame(RED if at < 5 * 25 else BLUE), at / 25)
    picture = drawn(barcode, tmp_path, 20.0)
    assert picture.shape == (HEIGHT, 20, 3)
    assert near(picture[5, 2], RED) and near(picture[5, 4], RED) and near(picture[5, 5], BLUE)


def test_one_frame_for_a_minute_keeps_its_colour_as_long(tmp_path):
    barcode = Barcode()
    barcode.look(frame(RED), 0.0)
    barcode.look(frame(BLUE), 60.0)
    picture = drawn(barcode, tmp_path, 80.0)
    assert near(picture[3, 55], RED) and near(picture[3, 65], BLUE)


def test_a_long_film_is_thinned_and_stays_in_its_places(tmp_path):
    barcode, red, blue = Barcode(), frame(RED), frame(BLUE)
    for second in range(3000):
        barcode.look(red if second < 750 else blue, float(second))
    picture = drawn(barcode, tmp_path, 3000.0)
    assert MOST_COLUMNS / 2 <= picture.shape[1] <= MOST_COLUMNS
    change = next(x for x in range(picture.shape[1]) if near(picture[3, x], BLUE))
    assert change / picture.shape[1] == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize("end", [0.04, 1e9])
def test_times_out_of_all_proportion_make_a_picture_all_the_same(tmp_path, end):
    barcode = Barcode()
    barcode.look(frame(RED), 0.0)
    assert 1 <= drawn(barcode, tmp_path, end).shape[1] <= MOST_COLUMNS


def test_top_stands_above_bottom(tmp_path):
    barcode = Barcode()
    barcode.look(frame(RED, BLUE), 0.0)
    picture = drawn(barcode, tmp_path, 1.0)
    assert near(picture[2, 0], RED) and near(picture[-3, 0], BLUE)


def test_no_frame_no_picture(tmp_path):
    assert Barcode().write(tmp_path, 0.0) == []
    assert list(tmp_path.iterdir()) == []
