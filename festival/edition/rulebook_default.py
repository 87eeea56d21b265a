"""The rulebook an edition begins with."""

from festival.edition.rulebook import Rulebook

DEFAULT_TOML = """\
version = "1"

[duration]
min = 30
max = 900
severity = "block"

[file]
max_bytes = "4 GB"
containers = ["mp4", "mov", "mkv", "webm"]
severity = { file_size = "block", container = "fix" }

[video]
codecs = ["h264", "hevc", "av1", "vp9", "prores", "dnxhd"]
min_width = 1280
min_height = 536
frame_rates = [23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60]
constant = true
severity = { video_codec = "fix", resolution = "fix", frame_rate = "fix", constant_frame_rate = "note" }

[audio]
required = true
channels = [1, 2, 6]
loudness_min = -30
loudness_max = -9
true_peak_max = 0
free_of = ["clipping", "out_of_phase", "one_sided"]
severity = { audio_required = "block", audio_channels = "fix", loudness = "fix", true_peak = "note" }

[black]
max_seconds = 3
edge_seconds = 5
severity = "note"

[freeze]
max_seconds = 5
severity = "note"

[silence]
max_seconds = 5
edge_seconds = 10
severity = "note"

[flash]
safe = true
severity = "fix"

[image]
free_of = [
  "windowbox", "changing_bars", "repeated_frames", "interlaced", "levels", "flicker", "upscaled", "blocky",
  "corner_mark",
]
max_still = 0.5
severity = "note"

[provenance]
untampered = true
severity = "note"

[subtitles]
check = true
severity = "note"
"""

DEFAULT = Rulebook.from_toml(DEFAULT_TOML)
