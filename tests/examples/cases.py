"""Twenty-one contests' rulebooks, with what passes each and what does not: films, AI statements, entries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from submissions.inspection.synthetic import Clipped, Logo, cut_in_half, make_film
from submissions.statement.facts import Use
from tests.examples.films import long_film, padded

FOLDER = Path(__file__).parents[2] / "docs" / "examples" / "rulebooks"

HARD: dict[str, str] = {"preset": "ultrafast", "tune": "zerolatency"}
FILMS: Mapping[str, Callable[[Path], Path]] = {
    "tale": lambda at: long_film(at / "film.mp4", 200, (1280, 720)),
    "short": lambda at: long_film(at / "film.mp4", 30),
    "mute": lambda at: long_film(at / "film.mp4", 30, sound=""),
    "seven minutes": lambda at: long_film(at / "film.mp4", 430, sound=""),
    "quarter of an hour": lambda at: long_film(at / "film.mp4", 905, sound=""),
    "full HD": lambda at: long_film(at / "film.mp4", 8, (1920, 1080)),
    "portrait": lambda at: long_film(at / "film.mp4", 125, (1080, 1920), sound=""),
    "cinema": lambda at: long_film(at / "film.mp4", 125, (1920, 1080), fps=24, sound=""),
    "rich": lambda at: long_film(at / "film.mp4", 125, (1280, 720), noise=20),
    "master": lambda at: long_film(
        at / "film.mp4", 4, (1920, 1080), fps=24, bit_rate=20_000_000, noise=20, options=HARD
    ),
    "Matroska": lambda at: long_film(at / "film.mkv", 30),
    "ProRes": lambda at: long_film(
        at / "film.mov", 2, (1920, 1080), fps=2, codec="prores_ks", pix_fmt="yuv422p10le", options={"profile": "2"}
    ),
    "cut off": lambda at: cut_in_half(long_film(at / "whole.mkv", 30), at / "film.mkv"),
    "over 300 MB": lambda at: padded(
        long_film(at / "light.mp4", 8, (1920, 1080)), at / "film.mp4", 300_000_001
    ),
    "over 1 GB": lambda at: padded(
        long_film(at / "light.mp4", 200, (1280, 720), sound=""), at / "film.mp4", 1_000_000_001
    ),
    "marked": lambda at: make_film(
        at / "film.mp4", width=640, height=360, seconds=10.0, faults=[Logo("top_right", 0.6)], title="Night Train"
    ).path,
    "overdriven": lambda at: make_film(
        at / "film.mov", width=320, height=180, seconds=6, faults=[Clipped(1, 5, 8)], audio_codec="pcm_s16le"
    ).path,
}  # fmt: skip

Uses = tuple[Use, ...]
AI = (Use("video", "kling", share=100),)
NO_AI = (Use("video", no_ai=True),)
ANY_AI: tuple[tuple[Uses, str], ...] = ((NO_AI, "ai_min_tools"), ((), "ai_statement"))
SONG, VOICE = Use("music", "suno"), Use("voice", "elevenlabs")


@dataclass(frozen=True, slots=True)
class Case:
    """`passes` names a film, `fails` films with all rules that they break; "film + en": subtitles stand beside it.

    `stated` is an AI statement that passes, `misstated` are others, each with the one rule that it breaks.
    """

    passes: tuple[str, ...]
    fails: Mapping[str, tuple[str, ...]]
    stated: Uses = ()
    misstated: tuple[tuple[Uses, str], ...] = field(default=())


CASES: Mapping[str, Case] = {
    "runway-aiff-2024": Case(
        ("tale",), {"short": ("duration_min",), "quarter of an hour": ("duration_max",)}, AI, ANY_AI
    ),
    "one-billion-summit-2025": Case(
        ("seven minutes + en",),
        {
            "tale + en": ("duration_min",),
            "quarter of an hour + en": ("duration_max",),
            "seven minutes": ("subtitles_language",),
            "seven minutes + zh": ("subtitles_language",),
        },
        (Use("video", "veo", share=70), Use("edit", "capcut")),
        (((Use("video", "veo", share=69), *AI), "ai_sponsor"), (AI, "ai_sponsor")),
    ),
    "waiff-kyoto-2026": Case(
        ("tale",),
        {"Matroska": ("container",)},
        (Use("image", "flux"), *AI, SONG),
        (((*AI, SONG, VOICE), "ai_stages"), ((Use("image", "flux"), *AI), "ai_min_tools")),
    ),
    "reply-aiff-2024": Case(("tale", "ProRes"), {"cut off": ("truncated",)}, AI, ANY_AI),
    "aiff-dubai-2024": Case(
        ("tale",), {"short": ("duration_min",), "quarter of an hour": ("duration_max",)}, AI, ANY_AI
    ),
    "artefact-mk2": Case(
        ("tale", "short"),
        {"quarter of an hour": ("duration_max",)},
        (Use("script", "chatgpt"), *AI, SONG),
        (((Use("image", "flux"), *AI), "ai_stages"), ((*AI, SONG), "ai_stages")),
    ),
    "marsai-2026": Case(
        ("full HD + en",),
        {
            "short + en": ("resolution",),
            "portrait + en": ("aspect", "duration_max"),
            "Matroska + en": ("container", "resolution"),
            "over 300 MB + en": ("file_size",),
            "full HD": ("subtitles_spoken",),
        },
        AI,
        ANY_AI,
    ),
    "iqiyi-with-ai-2025": Case(
        ("tale",),
        {"short": ("duration_min",), "seven minutes": ("duration_max",)},
        (Use("video", "seedance"),),
        ((AI, "ai_sponsor"), ((), "ai_statement")),
    ),
    "disrupt-2025-short": Case(("short",), {"tale": ("duration_max",)}, AI, ANY_AI),
    "disrupt-2025-long": Case(
        ("tale",), {"short": ("duration_min",), "quarter of an hour": ("duration_max",)}, AI, ANY_AI
    ),
    "wenzhou-2025": Case(
        ("portrait", "cinema"),
        {"tale": ("resolution",), "full HD": ("duration_min",)},
        AI,
        ANY_AI,
    ),
    "aigc-short-drama": Case(
        ("rich", "cinema"),
        {
            "tale": ("bit_rate",),
            "over 1 GB": ("bit_rate", "file_size"),
            "short": ("bit_rate", "duration_min", "resolution"),
            "overdriven": ("bit_rate", "clipping", "duration_min", "resolution"),
        },
    ),
    "university-heritage-2025": Case(
        ("tale + zh",),
        {
            "short + zh": ("duration_min",),
            "seven minutes + zh": ("duration_max",),
            "Matroska + zh": ("container", "duration_min"),
            "tale": ("subtitles_spoken",),
        },
        AI,
        (((Use("video", "kling", share=90),), "ai_share"),),
    ),
    "suzhou-canfangpu": Case(
        ("tale",),
        {
            "mute": ("audio_required",),
            "quarter of an hour": ("audio_required", "duration_max"),
            "marked": ("corner_mark",),
            "overdriven": ("clipping",),
        },
    ),
    "cross-strait-2026": Case(("tale",), {"short": ("duration_min",), "seven minutes": ("duration_max",)}),
    "hulunbuir-2023": Case(
        ("tale",),
        {
            "short": ("duration_min",),
            "over 1 GB": ("file_size",),
            "Matroska": ("container", "duration_min"),
        },
    ),
    "bjiff-short-video-2023": Case(
        ("tale", "short"), {"quarter of an hour": ("duration_max",), "over 1 GB": ("file_size",)}
    ),
    "electric-film-festival": Case(
        ("cinema + en",),
        {
            "tale + en": ("frame_rate", "resolution"),
            "master + en": ("duration_min",),
            "cinema": ("subtitles_spoken",),
        },
        (Use("edit", "capcut"),),
        (((SONG,), "ai_stages_forbidden"), (AI, "ai_stages_forbidden")),
    ),
    "film-fest-international": Case(("tale", "master"), {"ProRes": ("video_codec",)}),
    "filmed-by-bike": Case(
        ("master",), {"ProRes": ("bit_rate", "video_codec"), "full HD": ("bit_rate",)}
    ),
    "peter-pau-iqiyi-2026": Case(("quarter of an hour",), {"tale": ("duration_min",)}),
    "artdocfest": Case(
        ("master + en",),
        {"Matroska + en": ("bit_rate", "container", "frame_rate", "resolution"), "master": ("subtitles_spoken",)},
    ),
}  # fmt: skip
