"""Texts about AI statements, English and Chinese: what the rules miss, and what the file's own word adds."""

from collections.abc import Mapping

Text = tuple[str, str, str]  # title, what it is, what to do

FINDINGS: Mapping[str, tuple[Text, Text]] = {
    "ai_statement": (
        (
            "The AI statement is empty",
            "The rules ask which AI tools were used at which stage.",
            "Add a line for each tool, or one that says that no AI was used at a stage.",
        ),
        (
            "尚未填写 AI 使用说明",
            "章程要求逐个环节说明使用了哪些 AI 工具。",
            "请为每种工具填写一行；未使用 AI 的环节也可注明。",
        ),
    ),
    "ai_min_tools": (
        (
            "Too few AI tools are named",
            "The statement names {measured}; the rules ask for at least {limit} different ones.",
            "Add what else you used. If that is all, the film does not fit this call.",
        ),
        (
            "AI 工具种类不足",
            "说明中列出 {measured} 种；章程要求至少 {limit} 种不同的工具。",
            "请补充所用的其他工具。如已全部列出，则影片不符合本届要求。",
        ),
    ),
    "ai_stages": (
        (
            "No AI tool is named for {measured}",
            "The rules ask for AI in {limit}.",
            "Add a line for each of these stages with the tool you used there.",
        ),
        (
            "{measured}环节未列出 AI 工具",
            "章程要求在{limit}环节使用 AI。",
            "请为上述环节各填写一行，写明所用工具。",
        ),
    ),
    "ai_stages_forbidden": (
        (
            "AI may not be used for {measured}",
            "The rules allow no AI for {limit}.",
            "If the line is wrong, correct it. Otherwise the film does not fit this call.",
        ),
        (
            "{measured}环节不得使用 AI",
            "章程规定以下环节不得使用 AI：{limit}。",
            "如填写有误，请更正；否则影片不符合本届要求。",
        ),
    ),
    "ai_share": (
        (
            "Too little of the film is made with AI",
            "By the statement {measured}% of the pictures; the rules ask for {limit}%.",
            "Check the shares of the lines about images and video.",
        ),
        (
            "AI 制作的画面占比不足",
            "按说明，AI 制作的画面占 {measured}%；章程要求 {limit}%。",
            "请核对图像与视频各行填写的占比。",
        ),
    ),
    "ai_share_unsaid": (
        (
            "The share made with AI is not said",
            "The rules ask for {limit}% of the pictures; some lines about images or video lack their share.",
            "Write how many per cent of the film each of these tools made.",
        ),
        (
            "未写明 AI 制作的占比",
            "章程要求 AI 制作的画面占 {limit}%；图像或视频的部分行未填占比。",
            "请写明各工具制作的部分占全片的百分比。",
        ),
    ),
    "ai_sponsor": (
        (
            "{tools} is not among the tools",
            "The rules ask for {tools} to be used; the statement does not name it.",
            "If you used it, add a line for it.",
        ),
        (
            "未列出 {tools}",
            "章程要求使用 {tools}；说明中没有列出。",
            "如已使用，请补充一行。",
        ),
    ),
    "ai_sponsor_share": (
        (
            "Too little of the film is made with {tools}",
            "By the statement {measured}%; the rules ask for {limit}%.",
            "Check the tools and the shares of the lines.",
        ),
        (
            "使用 {tools}制作的占比不足",
            "按说明占 {measured}%；章程要求 {limit}%。",
            "请核对各行的工具与占比。",
        ),
    ),
    "ai_sponsor_unsaid": (
        (
            "The share made with {tools} is not said",
            "The rules ask for {limit}% of the film; the lines about {tools} lack a share.",
            "Write how many per cent of the film were made with it.",
        ),
        (
            "未写明使用 {tools}制作的占比",
            "章程要求占全片 {limit}%；{tools}各行未填占比。",
            "请写明用它制作的部分占全片的百分比。",
        ),
    ),
    "ai_allowed": (
        (
            "{measured} may not be used",
            "The rules allow only {limit}.",
            "If the line is wrong, correct it. Otherwise the film does not fit this call.",
        ),
        (
            "不得使用 {measured}",
            "章程仅允许使用 {limit}。",
            "如填写有误，请更正；否则影片不符合本届要求。",
        ),
    ),
    "ai_forbidden": (
        (
            "{measured} may not be used",
            "The rules rule this tool out.",
            "If the line is wrong, correct it. Otherwise the film does not fit this call.",
        ),
        (
            "不得使用 {measured}",
            "章程禁止使用该工具。",
            "如填写有误，请更正；否则影片不符合本届要求。",
        ),
    ),
}

# Where many statements break a rule and no single value can be named.
TITLES: Mapping[str, tuple[str, str]] = {
    "ai_statement": ("The AI statement is empty", "未填写 AI 使用说明"),
    "ai_min_tools": ("Too few AI tools are named", "AI 工具种类不足"),
    "ai_stages": ("A stage lacks its AI tool", "有环节未列出 AI 工具"),
    "ai_stages_forbidden": ("AI where none is allowed", "在不允许的环节使用了 AI"),
    "ai_share": ("Too little is made with AI", "AI 制作的占比不足"),
    "ai_sponsor": ("Too little with the sponsor’s tools", "指定工具的使用不足"),
    "ai_allowed": ("A tool that is not allowed", "使用了未获允许的工具"),
    "ai_forbidden": ("A forbidden tool", "使用了禁用的工具"),
    "statement_differs": ("The film’s own word and the AI statement differ", "文件标明与 AI 使用说明不一致"),
}

# What the comparison found: a title, and what it means.
REMARKS: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "tool_unstated": (
        (
            "The file names {tool}, the statement does not",
            "It stands in {place}. It may have been forgotten, or its name came with material from elsewhere.",
        ),
        (
            "文件中出现 {tool}，说明中没有",
            "见于{place}。可能是填写说明时遗漏，也可能随他处素材带入。",
        ),
    ),
    "ai_denied": (
        (
            "The file says AI, the statement says none",
            "By {places} AI made the film or took part. A stage may be missing, or an editing programme set it.",
        ),
        (
            "文件标明含 AI 内容，说明称未使用",
            "{places}标明影片由 AI 生成或有 AI 参与。可能是说明遗漏了某个环节，也可能是仅用于剪辑的软件自动添加。",
        ),
    ),
    "ai_unstated": (
        (
            "The file says AI, the statement names no tools yet",
            "By {places} AI made the film or took part.",
        ),
        (
            "文件标明含 AI 内容，说明尚未列出工具",
            "{places}标明影片由 AI 生成或有 AI 参与。",
        ),
    ),
    "tool_agrees": (
        ("Both name {tool}", "It stands in {place}."),
        ("文件与说明均写明 {tool}", "见于{place}。"),
    ),
    "ai_agrees": (
        ("Both say that AI was used", "In the file: {places}."),
        ("文件与说明均表明使用了 AI", "文件中见于{places}。"),
    ),
    "no_ai_agrees": (
        (
            "Neither says that AI was used",
            "The content credentials name no AI, nor does the statement.",
        ),
        ("文件与说明均未表明使用 AI", "内容凭证与说明中都没有 AI 记录。"),
    ),
    "program_named": (
        (
            "The file names {tool}",
            "It stands in {place}. This programme edits; by itself it says nothing about AI.",
        ),
        ("文件中出现 {tool}", "见于{place}。该软件用于剪辑，本身不说明是否使用 AI。"),
    ),
    "unmarked": (
        (
            "The statement names AI tools, the file says nothing",
            "Labels and credentials are lost by most exports and downloads, so this proves nothing.",
        ),
        (
            "说明列出了 AI 工具，文件未作标明",
            "标识与凭证在多数导出和下载中会丢失，因此不能证明任何事。",
        ),
    ),
    "silent": (
        (
            "The file says nothing of AI",
            "Labels and credentials are lost by most exports and downloads, so this proves nothing.",
        ),
        ("文件未标明是否使用 AI", "标识与凭证在多数导出和下载中会丢失，因此不能证明任何事。"),
    ),
    "credentials_void": (
        (
            "The content credentials do not fit the file",
            "What they say is left out here: the file was changed after signing, or damaged.",
        ),
        ("内容凭证与文件不符", "此处不采用其内容：文件在签名后被修改或损坏。"),
    ),
}

PLACES: Mapping[str, tuple[str, str]] = {
    "c2pa": ("the content credentials (C2PA)", "内容凭证（C2PA）"),
    "aigc": ("the AI label (GB 45438-2025)", "隐式标识（GB 45438-2025）"),
    "xmp": ("the XMP metadata", "XMP 元数据"),
    "tag": ("the file’s tags", "文件标签"),
}

KINDS: Mapping[str, tuple[str, str]] = {
    "differs": ("Differs", "不一致"),
    "agrees": ("Agrees", "一致"),
    "information": ("For information", "供参考"),
}
