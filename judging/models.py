"""Rounds, panels, ballots, looks, scores, standings, cuts, judges and verdicts."""

from judging.award_models import AwardList as AwardList
from judging.award_models import Verdict as Verdict
from judging.ballot_models import Ballot as Ballot
from judging.ballot_models import BallotLine as BallotLine
from judging.calibration_models import CalibrationFilm as CalibrationFilm
from judging.calibration_models import CalibrationScore as CalibrationScore
from judging.cut_models import Cut as Cut
from judging.cut_models import CutRow as CutRow
from judging.cut_models import TieBreak as TieBreak
from judging.judge_models import Conflict as Conflict
from judging.judge_models import JudgeDay as JudgeDay
from judging.judge_models import JudgeProfile as JudgeProfile
from judging.look_models import Allocation as Allocation
from judging.look_models import Look as Look
from judging.look_models import LookNote as LookNote
from judging.look_models import Score as Score
from judging.panel_models import Panel as Panel
from judging.panel_models import PanelFilm as PanelFilm
from judging.round_models import Criterion as Criterion
from judging.round_models import Round as Round
from judging.round_models import RoundChange as RoundChange
from judging.standing_models import Standing as Standing
from judging.standing_models import StandingRow as StandingRow
