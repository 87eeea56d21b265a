"""The film's own word beside the statement: where they differ, agree, or say nothing."""

import json

import pytest

from festival.edition.rulebook import Rulebook
from festival.edition.tools import catalogue
from submissions.inspection.facts import Aigc, C2pa, C2paAction, Provenance
from submissions.inspection.runner import inspect_film
from submissions.inspection.synthetic import make_film
from submissions.statement.comparison import compare, differs, generated_by, named_in_file
from submissions.statement.facts import Use
from submissions.statement.texts import REMARKS
from submissions.statement.words import describe_remark

KLING, NO_AI = Use("video", "kling"), Use("video", no_ai=True)
NOTHING = Provenance()
LABEL = Provenance(aigc=Aigc("conformant", producer="001191440300708461136T1XGW3"))
KLING_LABEL = Provenance(aigc=Aigc("readable", producer="可灵AI"))


def made_by(tool: str, state: str = "valid", source: str = "trainedAlgorithmicMedia") -> Provenance:
    return Provenance(C2pa(state, actions=(C2paAction("c2pa.created", tool, source),)))


def codes(provenance: Provenance, *uses: Use, **tags: str) -> list[tuple[str, str]]:
    found = compare(provenance, uses, catalogue(), tags=tags)
    return [(remark.code, str(remark.values.get("tool", ""))) for remark in found]


@pytest.mark.parametrize(
    ("provenance", "uses", "expected"),
    [
        (NOTHING, (), [("silent", "")]),
        (NOTHING, (NO_AI,), [("silent", "")]),
        (NOTHING, (KLING,), [("unmarked", "")]),
        (LABEL, (KLING,), [("ai_agrees", "")]),
        (LABEL, (NO_AI,), [("ai_denied", "")]),
        (LABEL, (), [("ai_unstated", "")]),
        (LABEL, (Use("video"),), [("ai_unstated", "")]),  # half a line states nothing
        (LABEL, (NO_AI, KLING), [("ai_agrees", "")]),
        (KLING_LABEL, (KLING,), [("tool_agrees", "kling"), ("ai_agrees", "")]),
        (KLING_LABEL, (Use("video", "vidu"),), [("tool_unstated", "kling"), ("ai_agrees", "")]),
        (Provenance(aigc=Aigc("broken", producer="可灵")), (NO_AI,), [("silent", "")]),
        (made_by("Sora 2"), (Use("video", "sora"),), [("tool_agrees", "sora"), ("ai_agrees", "")]),
        (made_by("Sora 2"), (NO_AI,), [("tool_unstated", "sora"), ("ai_denied", "")]),
        (made_by("Leica M11", source="digitalCapture"), (NO_AI,), [("no_ai_agrees", "")]),
        (made_by("Leica M11", source="digitalCapture"), (), [("silent", "")]),
        # The maker's other tool that makes the same is no difference: Dreamina is Jimeng abroad.
        (made_by("Dreamina"), (Use("video", "jimeng"),), [("tool_agrees", "dreamina"), ("ai_agrees", "")]),
        (made_by("Sora"), (Use("script", "chatgpt"),), [("tool_unstated", "sora"), ("ai_agrees", "")]),
        # A generator that the catalogue lacks counts, and an entrant may have written its name.
        (made_by("Foogen 1"), (KLING,), [("tool_unstated", "Foogen 1"), ("ai_agrees", "")]),
        (
            made_by("Foogen 1"),
            (Use("video", other="FooGen"),),
            [("tool_agrees", "Foogen 1"), ("ai_agrees", "")],
        ),
        # Credentials that do not fit the file are not believed.
        (made_by("Sora 2", "tampered"), (NO_AI,), [("silent", ""), ("credentials_void", "")]),
        (made_by("Sora 2", "unread"), (NO_AI,), [("silent", "")]),
    ],
)
def test_what_differs_and_what_agrees(provenance, uses, expected):
    assert codes(provenance, *uses) == expected


def test_an_editing_programme_in_the_tags_is_no_difference():
    assert codes(NOTHING, KLING, encoding_tool="CapCut 5.9", title="Made with Sora") == [
        ("program_named", "capcut"),
        ("unmarked", ""),
    ]
    assert codes(NOTHING, Use("edit", "capcut"), encoder="CapCut 5.9") == [("tool_agrees", "capcut")]


def test_a_generator_in_the_tags_is_one():
    assert codes(NOTHING, NO_AI, encoder="Kling AI export") == [("tool_unstated", "kling")]
    assert codes(NOTHING, NO_AI, encoder="Lavf61.7.100") == [("silent", "")]


def test_xmp_speaks_too():
    said = Provenance(source_type="trainedAlgorithmicMedia", creator_tool="Dreamer 3")
    assert codes(said, NO_AI) == [("tool_unstated", "Dreamer 3"), ("ai_denied", "")]
    assert codes(Provenance(creator_tool="Dreamer 3"), NO_AI) == [("silent", "")]
    assert generated_by(said) == ("xmp",)


def test_what_a_person_should_ask_about():
    cases = [(LABEL, NO_AI), (KLING_LABEL, Use("video", "vidu")), (LABEL, KLING), (NOTHING, KLING)]
    found = [differs(compare(provenance, [use], catalogue())) for provenance, use in cases]
    assert found == [True, True, False, False]
    assert not differs(compare(made_by("Sora 2"), [], catalogue()))  # nothing was stated that could differ
    assert codes(made_by("Sora 2")) == [("tool_unstated", "sora"), ("ai_unstated", "")]


def test_a_tool_is_named_once_by_its_weightiest_place():
    provenance = Provenance(
        C2pa("trusted", generators=("Kling 2.1",), actions=(C2paAction("c2pa.created", "Kling"),)),
        Aigc("conformant", producer="可灵"),
        creator_tool="Kling",
    )
    named = named_in_file(provenance, {"encoder": "Kling"}, catalogue())
    assert [(each.name, each.place) for each in named] == [("kling", "c2pa")]


def test_every_remark_can_be_said_in_both_languages():
    cases = [
        (made_by("Sora 2"), NO_AI, {}),
        (LABEL, Use(""), {}),
        (KLING_LABEL, KLING, {"encoder": "CapCut"}),
        (made_by("Leica", source="digitalCapture"), NO_AI, {}),
        (NOTHING, KLING, {}),
        (made_by("Sora 2", "tampered"), NO_AI, {}),
    ]
    met = set()
    for provenance, use, tags in cases:
        for remark in compare(provenance, [use], catalogue(), tags=tags):
            met.add(remark.code)
            for language in ("en", "zh"):
                for text in describe_remark(remark, catalogue(), language):
                    assert text and not any(part in text for part in ("{", "}", "  ", "None"))
    assert met == set(REMARKS)


def test_what_a_remark_says():
    [denied] = compare(LABEL, [NO_AI], catalogue())
    title, detail = describe_remark(denied, catalogue(), "en")
    assert title == "The file says AI, the statement says none"
    assert detail.startswith("By the AI label (GB 45438-2025) AI made the film or took part. ")
    title, detail = describe_remark(denied, catalogue(), "zh")
    assert title == "文件标明含 AI 内容，说明称未使用"
    assert detail.startswith("隐式标识（GB 45438-2025）标明影片由 AI 生成或有 AI 参与。")


def test_a_real_film_with_a_label_is_held_against_the_statement(tmp_path):
    values = {"Label": "1", "ContentProducer": "可灵AI", "ProduceID": "a1"}
    values |= dict.fromkeys(("ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2"), "")
    tags = {"AIGC": json.dumps(values, ensure_ascii=False), "encoding_tool": "CapCut 5.9"}
    film = make_film(tmp_path / "film.mp4", seconds=1, width=64, height=64, metadata=tags).path
    report = inspect_film(film, Rulebook(), tmp_path / "out")
    assert report.file is not None
    found = compare(report.provenance, [NO_AI], catalogue(), tags=report.file.tags)
    assert [(remark.code, remark.kind) for remark in found] == [
        ("tool_unstated", "differs"),
        ("ai_denied", "differs"),
        ("program_named", "information"),
    ]
