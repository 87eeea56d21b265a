"""Where films of several tracks meet in one ranking, enough looks are by judges who see more than one track.

Without such bridges nobody can tell whether a track's films are better or its judges milder.
"""

import numpy as np

from judging.logic.allocation.board import Board, Flags, Ints
from judging.logic.allocation.swaps import Swaps

SHARE = 20  # one look in twenty
FILMS = 8  # of another track that a judge who becomes a bridge sees, where she has so many to exchange


def build_bridges(board: Board, swaps: Swaps) -> None:
    """Make bridges of judges who may see several tracks and see one, until a twentieth of the looks bridge."""
    tracks = _tracks(board)
    if len(tracks) < 2:
        return
    sees = np.array([board.has[:, films].sum(axis=1) for films in tracks])
    looks = board.has.sum(axis=1)
    total = int(looks.sum())
    bridging = int(looks[(sees > 0).sum(axis=0) > 1].sum())
    luck = np.argsort(board.seat_lots, kind="stable")
    for seat in luck[np.argsort(-looks[luck], kind="stable")]:
        if bridging * SHARE >= total:
            return
        if looks[seat] and (sees[:, seat] > 0).sum() == 1 and _cross(board, swaps, int(seat), tracks):
            bridging += int(looks[seat])


def _tracks(board: Board) -> list[Ints]:
    """Films of each track, in the order of the tracks' names."""
    columns: dict[str, list[int]] = {}
    for column, want in enumerate(board.task.wants):
        if want.film.track:
            columns.setdefault(want.film.track, []).append(column)
    return [np.array(columns[track], np.int64) for track in sorted(columns)]


def _cross(board: Board, swaps: Swaps, seat: int, tracks: list[Ints]) -> bool:
    """Exchange films of the judge's only track for films of like length of another; whether one was exchanged."""
    made = 0
    inside: Flags = np.zeros(board.shape[1], np.bool_)
    home = next(films for films in tracks if board.has[seat, films].any())
    inside[home] = True
    wanted = max(1, min(FILMS, int(board.has[seat].sum()) // 2))
    for other in np.argsort(board.seat_lots, kind="stable"):
        if other == seat:
            continue
        while made < wanted:
            back = swaps.films_for(int(other), seat)
            back = back[~inside[back]]
            away = swaps.films_for(seat, int(other))
            away = away[inside[away]]
            if not len(back) or not len(away):
                break
            gap = np.abs(board.seconds[away][:, None] - board.seconds[back][None, :])
            first, second = np.unravel_index(int(np.argmin(gap)), gap.shape)
            film, instead = int(away[first]), int(back[second])
            if board.load[seat] + board.seconds[instead] - board.seconds[film] > board.limit[seat]:
                break
            if board.load[other] + board.seconds[film] - board.seconds[instead] > board.limit[other]:
                break
            swaps.move(film, seat, int(other))
            swaps.move(instead, int(other), seat)
            made += 1
            if made % 2 == 0:
                break  # the rest from others
        if made >= wanted:
            break
    return made > 0
