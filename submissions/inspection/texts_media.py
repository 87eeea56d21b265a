"""The texts of findings about build, sound, origin and subtitles, in both languages; see `texts`."""

# ruff: noqa: E501  sentences are easier to read whole

from collections.abc import Mapping

_Text = tuple[str, str, str]

MEDIA_FINDINGS: Mapping[str, tuple[_Text, _Text]] = {
    "fast_start": (
        (
            "The film starts only when it is loaded",
            "The file's index stands at its end, so a player on the web must fetch the whole film before the first picture.",
            "Tick “fast start” or “web optimised” when exporting, or move the index without encoding anew.",
        ),
        (
            "须完整下载后才能播放",
            "文件索引位于末尾，网页播放器须取完整部影片才能显示第一帧画面。",
            "请在导出时勾选“快速启动”（fast start 或 Web 优化），或不重新编码，只把索引移到文件开头。",
        ),
    ),
    "bit_rate_low": (
        (
            "The bit rate is low",
            "The picture takes {measured} Mbit/s; asked for: at least {limit}. On a large screen, blocks and smearing show.",
            "Export again from your project with a higher bit rate. Encoding the finished file anew brings nothing back.",
        ),
        (
            "码率偏低",
            "视频平均码率为 {measured} Mbit/s，要求不低于 {limit} Mbit/s；在大银幕上会看到马赛克和涂抹感。",
            "请从工程文件以更高的码率重新导出；对成片再次转码无法找回细节。",
        ),
    ),
    "bit_rate_high": (
        (
            "The bit rate is high",
            "The picture takes {measured} Mbit/s; at most {limit} can be played without stutter here.",
            "Export again with a lower bit rate; 20 Mbit/s are plenty for 1080p in H.264.",
        ),
        (
            "码率偏高",
            "视频平均码率为 {measured} Mbit/s，超过 {limit} Mbit/s 可能无法流畅播放。",
            "请降低码率后重新导出；1080p 的 H.264 影片用 20 Mbit/s 已绰绰有余。",
        ),
    ),
    "bit_depth": (
        (
            "The picture has another bit depth",
            "It has {measured} bits per channel; asked for: {limit}. Not every player here can show others.",
            "Choose the bit depth in the export settings and export again.",
        ),
        (
            "位深不符",
            "视频位深为 {measured} 位，要求为 {limit} 位；并非所有播放设备都支持其他位深。",
            "请在导出设置中选择所需的位深，再重新导出。",
        ),
    ),
    "chroma": (
        (
            "The chroma sampling is another",
            "It is {measured}; asked for: {limit}. Many players show a black picture for others.",
            "Choose the chroma sampling (pixel format) in the export settings and export again.",
        ),
        (
            "色度采样不符",
            "色度采样为 {measured}，要求为 {limit}；许多播放器遇到其他格式会黑屏。",
            "请在导出设置中选择所需的色度采样（像素格式），再重新导出。",
        ),
    ),
    "square_pixels": (
        (
            "The pixels are not square",
            "Their aspect is {measured}; players that overlook this show the picture squeezed or stretched.",
            "Export with square pixels (1:1) at the full width of the picture.",
        ),
        (
            "像素不是方形",
            "像素宽高比为 {measured}；忽略这一标记的播放器会把画面压扁或拉宽。",
            "请以方形像素（1:1）和画面的实际宽度重新导出。",
        ),
    ),
    "colour_untagged": (
        (
            "The colours are not tagged",
            "The file does not say how its colours are meant; asked for: {limit}. Players guess, and skin and skies turn out differently.",
            "Choose the colour space in the export settings. If you worked in it, adding the tags is enough.",
        ),
        (
            "缺少色彩标记",
            "文件没有说明色彩空间，要求为 {limit}；播放器只能猜测，肤色与天空可能失真。",
            "请在导出设置中指定色彩空间。若制作时即采用该色彩空间，补上标记即可。",
        ),
    ),
    "colour": (
        (
            "The colour space is another",
            "The picture is tagged as {measured}; asked for: {limit}. Shown as such, its colours would be too pale or too strong.",
            "Convert the colours in your editing or grading programme and export again.",
        ),
        (
            "色彩空间不符",
            "视频标记为 {measured}，要求为 {limit}；直接放映时色彩会偏淡或偏艳。",
            "请在剪辑或调色软件中转换色彩空间，再重新导出。",
        ),
    ),
    "hdr": (
        (
            "The picture is HDR",
            "It is made for {measured}; on the standard screens here it would look flat and grey.",
            "Make a version for standard dynamic range (SDR, BT.709) in your grading programme, so that you decide how it looks.",
        ),
        (
            "画面为 HDR",
            "影片采用 {measured}，在此处的标准屏幕上会显得灰暗平淡。",
            "请在调色软件中制作标准动态范围（SDR，BT.709）版本，由您自己决定画面观感。",
        ),
    ),
    "keyframes": (
        (
            "Keyframes are far apart",
            "Up to {measured} pass without a keyframe ({times}); asked for: at most {limit}. Jumping to a place in the film takes long.",
            "Set the keyframe interval (GOP) when exporting, for instance to two seconds.",
        ),
        (
            "关键帧间隔过长",
            "关键帧间隔最长达 {measured}（{times}），要求不超过 {limit}；拖动进度时会长时间等待。",
            "请在导出设置中设定关键帧间隔（GOP），例如两秒。",
        ),
    ),
    "audio_codec": (
        (
            "The sound is encoded differently",
            "It is {measured}; asked for: {limit}, which every player here can play.",
            "Choose the audio codec in the export settings, or encode the sound alone anew.",
        ),
        (
            "音频编码不符",
            "音频编码为 {measured}，要求为 {limit}，以保证各播放设备都能播放。",
            "请在导出设置中选择所需的音频编码，或仅对声音重新编码。",
        ),
    ),
    "sample_rate": (
        (
            "The sampling rate is another",
            "The sound is sampled at {measured} kHz; asked for: {limit} kHz. Converting it at the venue may put sound and picture out of step.",
            "Set the sampling rate in the export settings, or convert the sound alone.",
        ),
        (
            "采样率不符",
            "音频采样率为 {measured} kHz，要求为 {limit} kHz；在放映端转换可能造成音画不同步。",
            "请在导出设置中设定采样率，或仅转换声音。",
        ),
    ),
    "loudness_range": (
        (
            "Quiet and loud lie far apart",
            "The loudness range is {measured} LU; asked for: at most {limit}. Who turns it up for the whispers is hurt by the bangs.",
            "Compress the mix gently or lift the quiet scenes by hand, and export again.",
        ),
        (
            "响度起伏过大",
            "响度范围为 {measured} LU，要求不超过 {limit} LU；为听清低语而调大音量，响处便会刺耳。",
            "请适度压缩混音的动态，或手动提升安静的段落，再重新导出。",
        ),
    ),
    "clipping": (
        (
            "The sound is clipped",
            "The waveform is cut off at full scale in {measured} places ({times}); this crackles and cannot be undone in the finished file.",
            "Lower the tracks or the mix before the output, use a limiter, and export again.",
        ),
        (
            "声音削波",
            "波形在 {measured} 处被截平（{times}），会听到爆裂声，成片中无法还原。",
            "请在输出前降低各轨或总混音的电平，并使用限制器，再重新导出。",
        ),
    ),
    "false_stereo": (
        (
            "The stereo is mono",
            "Left and right carry the same sound. If the mix was meant to be stereo, it was lost on the way.",
            "Check the panning and the output of your project. If mono is intended, nothing needs to be done.",
        ),
        (
            "立体声实为单声道",
            "左右声道内容完全相同。若混音原为立体声，则在导出过程中丢失了。",
            "请检查工程的声像与输出设置；若有意采用单声道，可不作修改。",
        ),
    ),
    "out_of_phase": (
        (
            "Left and right cancel each other out",
            "The two channels are out of phase (correlation {measured}). On a single loudspeaker, voices disappear.",
            "Turn the polarity of one channel round, and export again.",
        ),
        (
            "左右声道反相",
            "两声道相位相反（相关度 {measured}），合为单声道播放时人声会消失。",
            "请将其中一个声道反相，再重新导出。",
        ),
    ),
    "one_sided": (
        (
            "The sound comes from one side",
            "One channel is {measured} dB louder than the other; half of the audience hears next to nothing.",
            "Check the panning and the tracks of your project; put a mono recording into the middle.",
        ),
        (
            "声音偏于一侧",
            "一侧声道比另一侧响 {measured} dB，半边观众几乎听不见。",
            "请检查工程的声像与音轨设置；单声道录音应置于中央。",
        ),
    ),
    "silent_channel": (
        (
            "Channels of the surround mix are empty",
            "Nothing is heard on {measured}. If dialogue belongs there, it is missing.",
            "Check the channel order and the routing of your export, or export a stereo mix.",
        ),
        (
            "环绕声有声道无声",
            "{measured} 没有声音；若对白在此声道，则已缺失。",
            "请检查导出时的声道顺序与输出分配，或改为导出立体声。",
        ),
    ),
    "hum": (
        (
            "The sound hums",
            "A steady hum of the mains ({measured}) lies under the film; in a quiet hall it is heard.",
            "Take it out with a de-hum or notch filter at that frequency and its multiples, and export again.",
        ),
        (
            "有交流电哼声",
            "全片伴有持续的交流电哼声（{measured}），在安静的影厅中清晰可闻。",
            "请用去哼声或陷波滤波器滤除该频率及其倍频，再重新导出。",
        ),
    ),
    "aigc_absent": (
        (
            "The AI label is missing in the metadata",
            "The file carries no implicit label (metadata key AIGC) as GB 45438-2025 asks for AI-made content. Editing programmes often lose it; its absence says nothing about how the film was made.",
            "If your tool wrote the label, export so that metadata are kept, or carry it over from the tool's own file. Declare the use of AI in your entry in any case.",
        ),
        (
            "元数据中没有 AI 标识",
            "文件中没有 GB 45438-2025 对人工智能生成内容要求的隐式标识（AIGC 字段）。剪辑软件常会丢失它；没有标识并不说明影片的制作方式。",
            "若生成工具已写入标识，请在导出时保留元数据，或从工具的原始文件中带入。无论如何，请在报名信息中如实声明 AI 的使用。",
        ),
    ),
    "aigc_readable": (
        (
            "The AI label departs from the standard",
            "The file carries an AI label, but {measured}. Platforms that check strictly may not accept it.",
            "Ask the maker of your tool for an update, or write the label anew with a tool that follows GB 45438-2025.",
        ),
        (
            "AI 标识不合规范",
            "文件带有 AI 标识，但{measured}；严格核验的平台可能不予承认。",
            "请联系生成工具的厂商更新，或用符合 GB 45438-2025 的工具重新写入标识。",
        ),
    ),
    "aigc_broken": (
        (
            "The AI label cannot be read",
            "The file carries an AI label, but {measured}; nobody can tell what it says.",
            "Write the label anew with a tool that follows GB 45438-2025.",
        ),
        (
            "AI 标识无法读取",
            "文件带有 AI 标识，但{measured}，无法得知其内容。",
            "请用符合 GB 45438-2025 的工具重新写入标识。",
        ),
    ),
    "c2pa": (
        (
            "No content credentials can be read",
            "The file carries no C2PA manifest that can be read here. Most editing programmes remove it; its absence proves nothing.",
            "Export with content credentials switched on, and do not convert the file afterwards.",
        ),
        (
            "没有可读取的内容凭证",
            "文件中没有可读取的 C2PA 凭证。多数剪辑软件会将其移除；没有凭证不能证明任何事。",
            "请在导出时开启内容凭证，导出后不要再转换文件。",
        ),
    ),
    "c2pa_tampered": (
        (
            "The content credentials do not fit the file",
            "The file carries a C2PA manifest that does not match its content ({measured}): it was changed after signing, or damaged.",
            "Upload the file as your programme signed it. If you changed it since, sign it anew or export without credentials.",
        ),
        (
            "内容凭证与文件不符",
            "文件所带的 C2PA 凭证与内容不一致（{measured}）：签名之后被改动过，或已损坏。",
            "请上传软件签名后的原始文件；若之后有改动，请重新签名，或导出不带凭证的版本。",
        ),
    ),
    "subtitles_required": (
        (
            "There are no subtitles",
            "The film has no subtitle track, and this edition asks for one, so that everybody can follow.",
            "Upload a subtitle file (SRT, WebVTT or ASS) beside the film, or put a track into it.",
        ),
        (
            "没有字幕",
            "影片没有字幕轨，而本届要求提供字幕，以便所有观众都能看懂。",
            "请随影片上传字幕文件（SRT、WebVTT 或 ASS），或在影片中封装字幕轨。",
        ),
    ),
    "subtitles_language": (
        (
            "Subtitles are missing in a language",
            "There are no subtitles in {measured}; asked for: {limit}.",
            "Add a subtitle file in that language, and name the language of every track.",
        ),
        (
            "缺少某种语言的字幕",
            "没有{measured}字幕，要求提供：{limit}。",
            "请补充该语言的字幕文件，并标明每条字幕的语言。",
        ),
    ),
    "subtitles_spoken": (
        (
            "Subtitles, if the film needs them",
            "What this edition asks for was not found in the film or beside it. What is spoken is not listened to here, so a person decides whether it is needed.",
            "If nobody speaks, or everybody will understand, there is nothing to do. Otherwise add a subtitle file (SRT, WebVTT or ASS).",
        ),
        (
            "视对白情况须有字幕",
            "影片内外均未找到本届要求的字幕。检测不辨别影片中的对白，是否需要由工作人员判断。",
            "若片中无人说话，或对白无需翻译，则不必处理；否则请补充字幕文件（SRT、WebVTT 或 ASS）。",
        ),
    ),
    "subtitles_form": (
        (
            "Subtitles are hard to follow in places",
            "What was found in {measured}",
            "Mend them in a subtitle editor such as Aegisub or Subtitle Edit, save as UTF-8, and upload them again.",
        ),
        (
            "字幕有待修改之处",
            "发现以下问题：{measured}",
            "请在字幕软件（如 Aegisub、Subtitle Edit）中修改，以 UTF-8 保存后重新上传。",
        ),
    ),
}

MEDIA_PHRASES: Mapping[str, tuple[str, str]] = {
    "pq": ("HDR (PQ)", "HDR（PQ）"),
    "hlg": ("HDR (HLG)", "HDR（HLG）"),
    "dolby_vision": ("Dolby Vision", "杜比视界"),
    "hum_of": ("{hertz} Hz, {level} dBFS", "{hertz} Hz，{level} dBFS"),
    "label_value": ("its Label is none of 1, 2 and 3", "Label 的取值不是 1、2、3"),
    "missing_field": ("the field {field} is missing", "缺少 {field} 字段"),
    "not_text": ("the field {field} is not a text", "{field} 字段不是文本"),
    "no_producer": ("the field {field} is empty", "{field} 字段为空"),
    "producer_form": ("{field} is a name and not a code", "{field} 是名称而非编码"),
    "wrong_key": ("it stands under another key than AIGC", "所用的字段名不是 AIGC"),
    "wrong_place": ("it stands in another place of the file", "所在位置不合规定"),
    "wrapped": ("it is wrapped in another object", "内容多套了一层"),
    "field_case": ("its fields are spelt differently", "字段的大小写不合规定"),
    "empty": ("it is empty", "内容为空"),
    "not_json": ("it is not JSON", "内容不是 JSON"),
    "not_object": ("it is not a JSON object", "内容不是 JSON 对象"),
    "no_fields": ("it has none of the fields", "没有任何规定的字段"),
    "no_label": ("its Label is empty", "Label 字段为空"),
    "track": ("track {number}: {issues}.", "第 {number} 条字幕轨：{issues}。"),
    "side_file": ("the subtitle file ({language}): {issues}.", "字幕文件，{language}：{issues}。"),
    "issue_malformed": ("{count} unreadable times", "{count} 处时间码无法识别"),
    "issue_encoding": ("not in UTF-8", "编码不是 UTF-8"),
    "issue_language": ("not in the language declared", "与所标语言不符"),
    "issue_empty": ("{count} without text", "{count} 条无内容"),
    "issue_backwards": ("{count} that end before they start", "{count} 条结束早于开始"),
    "issue_order": ("{count} out of order", "{count} 条顺序颠倒"),
    "issue_overlap": ("{count} overlapping", "{count} 条时间重叠"),
    "issue_beyond": ("{count} after the film's end", "{count} 条超出片尾"),
    "issue_short": (
        "{count} too short to read (shortest {value} s)",
        "{count} 条停留过短（最短 {value} 秒）",
    ),
    "issue_long": (
        "{count} that stand too long (longest {value} s)",
        "{count} 条停留过长（最长 {value} 秒）",
    ),
    "issue_fast": (
        "{count} too fast (up to {value} characters a second, {limit} are easy)",
        "{count} 条语速过快（每秒最多 {value} 字符，宜在 {limit} 以内）",
    ),
    "issue_wide": (
        "{count} lines too long (up to {value} characters, {limit} fit)",
        "{count} 行过长（最长 {value} 字符，宜在 {limit} 以内）",
    ),
    "issue_lines": ("{count} of more than two lines", "{count} 条超过两行"),
}
