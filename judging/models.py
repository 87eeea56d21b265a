"""Rounds, looks, scores, standings and verdicts."""

from judging.award_models import AwardList as AwardList
from judging.award_models import Verdict as Verdict
from judging.calibration_models import CalibrationFilm as CalibrationFilm
from judging.calibration_models import CalibrationScore as CalibrationScore
from judging.look_models import Allocation as Allocation
from judging.look_models import Look as Look
from judging.look_models import LookNote as LookNote
from judging.look_models import Score as Score
from judging.round_models import Criterion as Criterion
from judging.round_models import Round as Round
from judging.standing_models import Standing as Standing
from judging.standing_models import StandingRow as StandingRow
