"""Which column of a manifest is what: the headings of FilmFreeway's export, our own, and both in Chinese.

FilmFreeway's are those of its submissions export (CSV). What is not known here is named in the report, not taken.
"""

from collections.abc import Iterable, Mapping

# heading, in small letters → what it is
KNOWN: Mapping[str, str] = {
    # who, and the number by which a row is recognised when it is imported again
    "tracking number": "key",
    "submission id": "key2",
    "id": "key",
    "code": "key",
    "编号": "key",
    "作品编号": "key",
    "email": "email",
    "e-mail": "email",
    "e-mail address": "email",
    "邮箱": "email",
    "电子邮箱": "email",
    "first name": "first_name",
    "last name": "last_name",
    "name": "name",
    "entrant": "name",
    "姓名": "name",
    "参赛者": "name",
    # the film
    "project title": "title",
    "title": "title",
    "title of the film": "title",
    "片名": "title",
    "影片名称": "title",
    "作品名称": "title",
    "project title (original language)": "original_title",
    "original title": "original_title",
    "english title": "title_en",
    "英文片名": "title_en",
    "synopsis": "synopsis",
    "brief synopsis": "synopsis",
    "剧情简介": "synopsis",
    "作品简介": "synopsis",
    "synopsis (original language)": "original_synopsis",
    "synopsis in english": "synopsis_en",
    "英文简介": "synopsis_en",
    "synopsis in chinese": "synopsis_zh",
    "中文简介": "synopsis_zh",
    "directors": "director",
    "director": "director",
    "direction": "director",
    "导演": "director",
    "writers": "writer",
    "编剧": "writer",
    "producers": "producer",
    "制片人": "producer",
    "key cast": "cast",
    "主演": "cast",
    "country of origin": "country",
    "country or region": "country",
    "国家": "country",
    "国家或地区": "country",
    "language": "language",
    "spoken language": "language",
    "对白语言": "language",
    "subtitles": "subtitle_languages",
    "字幕语言": "subtitle_languages",
    "completion date": "year",
    "year": "year",
    "year of completion": "year",
    "完成年份": "year",
    "duration": "running_time",
    "runtime": "running_time",
    "running time": "running_time",
    "片长": "running_time",
    "project type": "genre",
    "form": "genre",
    "影片类型": "genre",
    "premiere status": "premiere",
    "screenings / awards": "showings",
    "screenings awards": "showings",
    "shown and awarded before": "showings",
    "放映与获奖经历": "showings",
    "submission categories": "track",
    "category": "track",
    "track": "track",
    "单元": "track",
    "赛道": "track",
    "ai statement": "ai_statement",
    "how it was made, in words": "ai_statement",
    # how it stands there
    "submission status": "status",
    "submission date": "submitted",
    "submitted": "submitted",
    # the file
    "file": "file",
    "film file": "file",
    "filename": "file",
    "file name": "file",
    "文件": "file",
    "文件名": "file",
}


def columns_of(headings: Iterable[str], more: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Heading → what it is, and the headings that mean nothing here.

    `more` are further names in small letters: the edition's questions. Of two headings that mean the same the first
    counts.
    """
    taken: dict[str, str] = {}
    unknown: list[str] = []
    for heading in filter(None, headings):
        known = more.get(heading.casefold()) or KNOWN.get(heading.casefold())
        if known is None or known in taken.values():
            if not heading.casefold().startswith(("submission custom field", "submission custom answer")):
                unknown.append(heading)
            continue
        taken[heading] = known
    return taken, unknown


def custom_answers(cells: Mapping[str, str]) -> dict[str, str]:
    """FilmFreeway's "Submission Custom Field 3" beside "Submission Custom Answer 3": question → answer."""
    answers = {}
    for heading, question in cells.items():
        name = heading.casefold()
        if name.startswith("submission custom field"):
            answer = next(
                (
                    cell
                    for other, cell in cells.items()
                    if other.casefold() == name.replace("custom field", "custom answer")
                ),
                "",
            )
            if answer:
                answers[question] = answer
    return answers
