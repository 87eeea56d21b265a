"""Sentences about files beside a film, in "en" and "zh": why one cannot be used, and what to do."""

from collections.abc import Mapping

from festival.edition.rulebook_words import LANGUAGES

REFUSALS: Mapping[str, tuple[str, str]] = {
    "empty": (
        "The file is empty. Save it once more and send the new file.",
        "文件是空的。请重新保存后再上传。",
    ),
    "svg": (
        "This is an SVG drawing. Such a file can hold programs, so it is not taken. Export it as PNG or JPEG.",
        "这是 SVG 图形文件，其中可能带有程序，因此不予接收。请导出为 PNG 或 JPEG 后上传。",
    ),
    "html": (
        "This is a web page, whatever the file is called. Save what it shows as a picture (JPEG, PNG) or as PDF.",
        "无论文件名如何，这是一个网页文件。请将内容另存为图片（JPEG、PNG）或 PDF 后上传。",
    ),
    "other_picture": (
        "This is a {found} picture. Open it, save it as JPEG, PNG or WebP, and send that file.",
        "这是 {found} 图片。请打开后另存为 JPEG、PNG 或 WebP，再上传该文件。",
    ),
    "animated": (
        "This picture moves. Save one frame of it as JPEG or PNG and send that.",
        "这是动态图片。请将其中一帧存为 JPEG 或 PNG 后上传。",
    ),
    "too_many_pixels": (
        "The picture has {width} × {height} pixels, more than 100 million or 16,000 on a side. Make it smaller.",
        "图片尺寸为 {width} × {height} 像素。最多可接收1亿像素、单边16,000像素，请缩小后重新上传。",
    ),
    "too_small": (
        "The picture has only {width} × {height} pixels. Each side needs at least 240: send it in its full size.",
        "图片仅有 {width} × {height} 像素。每边至少需要240像素，请上传原始尺寸的图片。",
    ),
    "truncated": (
        "The picture ends in the middle: the file was not saved whole. Export it once more and send the new file.",
        "图片不完整，文件在中途结束。请重新导出后上传。",
    ),
    "broken": (
        "The picture cannot be read. Open it in a picture program, save it anew as JPEG or PNG, and send that file.",
        "图片无法读取。请用图片软件打开，另存为 JPEG 或 PNG 后上传。",
    ),
    "too_heavy": (
        "The file needs more memory or time to open than it is given here. Save it anew, a picture smaller.",
        "打开此文件所需的内存或时间超出限额。请重新保存（图片请适当缩小）后上传。",
    ),
    "not_a_picture": (
        "This is no picture but {found}. Send a JPEG, PNG or WebP file.",
        "这不是图片，而是{found}。请上传 JPEG、PNG 或 WebP 文件。",
    ),
    "not_a_film": (
        "This is no film but {found}. Send the film as MP4 or MOV.",
        "这不是影片，而是{found}。请上传 MP4 或 MOV 格式的影片。",
    ),
    "not_a_document": (
        "This kind of file is not taken here: it is {found}. Send a PDF, a text, an office document or a ZIP archive.",
        "此处不接收这种文件：这是{found}。请上传 PDF、文本、办公文档或 ZIP 压缩包。",
    ),
    "macros": (
        "The document holds macros. Save it without them (DOCX, XLSX, PPTX) or as PDF, and send that file.",
        "文档中带有宏。请另存为不含宏的格式（DOCX、XLSX、PPTX）或 PDF 后上传。",
    ),
    "too_many_files": (
        "The archive holds {count} files; at most 5,000 are taken. Choose what matters and pack it again.",
        "压缩包内有 {count} 个文件，最多可接收5,000个。请挑选必要的文件重新打包。",
    ),
    "broken_archive": (
        "The archive cannot be opened. Pack it again as ZIP, without a password, and send the new file.",
        "压缩包无法打开。请重新打包为不加密的 ZIP 文件后上传。",
    ),
    "crashed": (
        "The file could not be read, although it was tried several times. Save it anew and send the new file.",
        "文件多次尝试后仍无法读取。请重新保存后再次上传。",
    ),
}
FOUND: Mapping[str, tuple[str, str]] = {
    "jpeg": ("a picture (JPEG)", "图片（JPEG）"),
    "png": ("a picture (PNG)", "图片（PNG）"),
    "webp": ("a picture (WebP)", "图片（WebP）"),
    "gif": ("GIF", "GIF"),
    "tiff": ("TIFF", "TIFF"),
    "heif": ("HEIC", "HEIC"),
    "avif": ("AVIF", "AVIF"),
    "bmp": ("BMP", "BMP"),
    "psd": ("Photoshop", "Photoshop"),
    "film": ("a film", "影片"),
    "pdf": ("a PDF", "PDF"),
    "zip": ("an archive (ZIP)", "压缩包（ZIP）"),
    "archive": ("an archive other than ZIP", "ZIP 以外的压缩包"),
    "rtf": ("a text document (RTF)", "文本文档（RTF）"),
    "old_office": ("an office document of the old kind (DOC, XLS, PPT)", "旧版办公文档（DOC、XLS、PPT）"),
    "program": ("a program", "程序"),
    "sound": ("a sound file", "音频文件"),
    "unknown": ("a file of another kind", "其他类型的文件"),
}


def attached_refusal(code: str, values: Mapping[str, object], language: str) -> str:
    """Why a file cannot be used and what to do."""
    place = LANGUAGES.index(language)
    said = {name: f"{value:,}" if isinstance(value, int) else str(value) for name, value in values.items()}
    found = FOUND.get(str(values.get("found", "unknown")), FOUND["unknown"])[place]
    text = REFUSALS.get(code, REFUSALS["crashed"])[place]
    return text.format_map({"width": "?", "height": "?", "count": "?", **said, "found": found})
