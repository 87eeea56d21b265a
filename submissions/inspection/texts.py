"""The texts of findings and problems: (title, what is wrong and why it matters, how to mend it) in both languages."""

# ruff: noqa: E501  sentences are easier to read whole

from collections.abc import Mapping

from submissions.inspection.texts_media import MEDIA_FINDINGS, MEDIA_PHRASES
from submissions.inspection.texts_picture import PICTURE_FINDINGS, PICTURE_PHRASES

Text = tuple[str, str, str]
Texts = tuple[Text, Text]

FINDINGS: Mapping[str, Texts] = {
    "truncated": (
        (
            "The film ends early",
            "The file promises {limit}, but only {measured} can be played: its end is missing, and nobody could see it.",
            "Play your own file to the end. If it is whole, upload it again; if not, export the film once more.",
        ),
        (
            "影片不完整",
            "文件标明时长为 {limit}，实际只能播放 {measured}：结尾部分缺失，任何人都看不到。",
            "请先在本地把文件从头播放到尾。若文件完好，请重新上传；若同样中断，请重新导出影片。",
        ),
    ),
    "truncated_file": (
        (
            "The file is cut off",
            "It is meant to have {limit}, but only {measured} are there: the end of the film is missing.",
            "Play your own file to the end. If it is whole, copy it here anew; if not, export the film once more.",
        ),
        (
            "文件不完整",
            "文件应有 {limit}，实际只有 {measured}：影片结尾部分缺失。",
            "请先在本地把文件从头播放到尾。若文件完好，请重新复制；若同样中断，请重新导出影片。",
        ),
    ),
    "decode_errors": (
        (
            "The file is damaged in places",
            "Errors while decoding: {measured}. Players show blocks, jumps or gaps there.",
            "Export the film again from your editing programme and upload the new file.",
        ),
        (
            "文件有损坏之处",
            "解码时出现 {measured} 处错误，播放时会出现马赛克、跳帧或断音。",
            "请从剪辑软件重新导出影片，再上传新文件。",
        ),
    ),
    "size_change": (
        (
            "The picture changes its size",
            "The picture size changes within the film (changes: {measured}); projectors and players handle this badly.",
            "Export the whole film with one picture size, in one pass.",
        ),
        (
            "画面尺寸中途改变",
            "影片中画面尺寸改变了 {measured} 次，放映机和播放器难以正确处理。",
            "请以统一的画面尺寸一次性导出全片。",
        ),
    ),
    "sound_short": (
        (
            "The sound is shorter than the picture",
            "The sound runs for {measured}, the picture for {limit}; what is meant to be heard may be missing.",
            "If the silent rest is intended, leave it. Otherwise export again with the sound to the last frame.",
        ),
        (
            "声音短于画面",
            "声音长 {measured}，画面长 {limit}，可能漏掉了一段声音。",
            "若结尾静默是有意安排，可不作修改；否则请将声音补至最后一帧后重新导出。",
        ),
    ),
    "sound_long": (
        (
            "The sound is longer than the picture",
            "The sound runs for {measured}, the picture for {limit}; in the cinema the sound is cut when the picture ends.",
            "Trim the sound, or hold the picture (or black) until the sound has ended, and export again.",
        ),
        (
            "声音长于画面",
            "声音长 {measured}，画面长 {limit}；放映时画面一结束，声音即被截断。",
            "请修剪声音，或让画面（或黑场）延续到声音结束，再重新导出。",
        ),
    ),
    "duration_min": (
        (
            "The film is too short",
            "It runs for {measured}; this edition asks for at least {limit}.",
            "Enter a longer cut, or look for a track that takes shorter films.",
        ),
        (
            "影片过短",
            "片长 {measured}，本届要求至少 {limit}。",
            "请提交更长的版本，或改报接受更短影片的单元。",
        ),
    ),
    "duration_max": (
        (
            "The film is too long",
            "It runs for {measured}; this edition accepts at most {limit}, because the programme is planned by it.",
            "Shorten the film, titles and credits included, and upload the new cut.",
        ),
        (
            "影片过长",
            "片长 {measured}，本届最长为 {limit}，排片以此为准。",
            "请缩短影片（含片头与片尾字幕），再上传新版本。",
        ),
    ),
    "file_size": (
        (
            "The file is too large",
            "It has {measured}; at most {limit} can be taken and passed on.",
            "Export again with a lower bit rate. For 1080p in H.264, 20 Mbit/s look the same to an audience.",
        ),
        (
            "文件过大",
            "文件大小为 {measured}，最多接收 {limit}。",
            "请降低码率后重新导出。1080p 的 H.264 影片用 20 Mbit/s，观众看不出差别。",
        ),
    ),
    "container": (
        (
            "The file has another container",
            "It is {measured}; this edition takes {limit}, which every screening system here can open.",
            "Choose the container when exporting, or rewrap the file without encoding it again.",
        ),
        (
            "封装格式不符",
            "文件为 {measured}，本届接收 {limit}，以保证各放映系统都能打开。",
            "请在导出时选择所需的封装格式，或不重新编码、直接转换封装。",
        ),
    ),
    "video_codec": (
        (
            "The picture is encoded differently",
            "It is {measured}; this edition takes {limit}, which can be played everywhere it is shown.",
            "Export again from your project with one of these codecs; do not convert a finished file if you can avoid it.",
        ),
        (
            "视频编码不符",
            "视频编码为 {measured}，本届接收 {limit}，以保证各放映场所都能播放。",
            "请从工程文件以上述编码重新导出，尽量不要对成片再次转码。",
        ),
    ),
    "resolution": (
        (
            "The picture has another size",
            "It measures {measured} pixels; asked for: {limit}. On a large screen the difference shows.",
            "Export from your project in a size that is asked for. Enlarging the finished file adds no detail.",
        ),
        (
            "画面尺寸不符",
            "画面为 {measured} 像素，要求为 {limit}。在大银幕上，差别清晰可见。",
            "请从工程文件按要求的尺寸重新导出；把成片直接放大并不会增加细节。",
        ),
    ),
    "aspect": (
        (
            "The picture has another shape",
            "Its aspect ratio is {measured}; asked for: {limit}. Another shape needs bars or cropping on the screen.",
            "Set the aspect ratio in your project and export again.",
        ),
        (
            "画幅比例不符",
            "画幅比例为 {measured}，要求为 {limit}；比例不符，放映时须加黑边或裁切。",
            "请在工程中设置画幅比例后重新导出。",
        ),
    ),
    "frame_rate": (
        (
            "The frame rate is another",
            "The film runs at {measured} frames per second; asked for: {limit}. Converting it at the venue makes motion jerk.",
            "Export at the frame rate your project was cut in, if it is one of these; otherwise convert it in your programme and watch the motion.",
        ),
        (
            "帧率不符",
            "影片帧率为每秒 {measured} 帧，要求为 {limit} 帧；在放映端转换会使运动不顺畅。",
            "若剪辑时的帧率符合要求，请按该帧率导出；否则请在剪辑软件中转换，并检查运动是否流畅。",
        ),
    ),
    "constant_frame_rate": (
        (
            "The frame rate varies",
            "Frames do not follow at an even pace (about {measured} a second); sound and picture may drift apart.",
            "Export again with a constant frame rate. Screen recordings and phone films often need this.",
        ),
        (
            "帧率不恒定",
            "各帧间隔不均（平均约每秒 {measured} 帧），音画可能逐渐不同步。",
            "请以恒定帧率重新导出。录屏和手机拍摄的素材常有这个问题。",
        ),
    ),
    "audio_required": (
        (
            "There is no soundtrack",
            "The file has no sound, and this edition asks for a film that can be heard.",
            "Check that sound is switched on in the export settings, and export again.",
        ),
        (
            "没有声音",
            "文件中没有音轨，而本届要求影片有声。",
            "请确认导出设置中已包含音频，再重新导出。",
        ),
    ),
    "audio_silent": (
        (
            "The soundtrack is silent",
            "There is a soundtrack, but from beginning to end nothing can be heard in it.",
            "Check in your editing programme that the tracks are not muted and reach the output, and export again.",
        ),
        (
            "音轨没有声音",
            "文件中有音轨，但从头到尾都听不到声音。",
            "请在剪辑软件中检查轨道是否被静音、是否接入输出，再重新导出。",
        ),
    ),
    "audio_channels": (
        (
            "The soundtrack has other channels",
            "It is {measured}; asked for: {limit}. Other layouts lose voices or effects on the house's system.",
            "Choose the layout in the export settings and export again.",
        ),
        (
            "声道布局不符",
            "音轨为{measured}，要求为{limit}；布局不符，影院系统可能丢失对白或音效。",
            "请在导出设置中选择所需的声道布局，再重新导出。",
        ),
    ),
    "loudness_low": (
        (
            "The film is too quiet",
            "Its integrated loudness is {measured} LUFS; it should be at least {limit}. Beside other films it would hardly be heard.",
            "Raise the whole mix in your editing programme with loudness normalisation, keep the peaks below −1 dBTP, and export again.",
        ),
        (
            "声音过小",
            "整合响度为 {measured} LUFS，不应低于 {limit} LUFS；与其他影片连映时几乎听不清。",
            "请在剪辑软件中用响度标准化整体提升混音，真峰值保持在 −1 dBTP 以下，再重新导出。",
        ),
    ),
    "loudness_high": (
        (
            "The film is too loud",
            "Its integrated loudness is {measured} LUFS; it should be at most {limit}. Beside other films it would hurt.",
            "Lower the whole mix in your editing programme with loudness normalisation, and export again.",
        ),
        (
            "声音过大",
            "整合响度为 {measured} LUFS，不应高于 {limit} LUFS；与其他影片连映时会刺耳。",
            "请在剪辑软件中用响度标准化整体降低混音，再重新导出。",
        ),
    ),
    "true_peak": (
        (
            "The sound peaks too high",
            "Its true peak is {measured} dBTP; it should stay at or below {limit}. Above it, players distort.",
            "Put a true-peak limiter at the end of the mix, and export again.",
        ),
        (
            "峰值过高",
            "真峰值为 {measured} dBTP，不应高于 {limit} dBTP；超出后播放会失真。",
            "请在混音末端加真峰值限制器，再重新导出。",
        ),
    ),
    "black": (
        (
            "The picture stays black",
            "Black for {measured} at {times}; at most {limit} is expected. An audience takes it for a fault of the projector.",
            "If it is meant, say so in your note to the technicians. Otherwise close the gap in the timeline and export again.",
        ),
        (
            "黑场过长",
            "画面全黑，最长 {measured}，位于 {times}；一般不超过 {limit}，否则观众会以为放映出了故障。",
            "若是有意安排，请在给技术人员的说明中写明；否则请补上时间线中的空隙，再重新导出。",
        ),
    ),
    "freeze": (
        (
            "The picture stands still",
            "Still for {measured} at {times}; at most {limit} is expected. It looks like a player that hangs.",
            "If it is meant (a title, a photograph), say so in your note to the technicians. Otherwise mend the shot and export again.",
        ),
        (
            "画面静止",
            "画面静止，最长 {measured}，位于 {times}；一般不超过 {limit}，否则看上去像播放卡住了。",
            "若是有意安排（如字幕卡、照片），请在给技术人员的说明中写明；否则请修正该镜头，再重新导出。",
        ),
    ),
    "silence": (
        (
            "The sound falls silent",
            "Silent for {measured} at {times}; at most {limit} is expected. An audience takes it for a broken sound system.",
            "If it is meant, say so in your note to the technicians, or lay a quiet room tone under it. Otherwise mend the sound and export again.",
        ),
        (
            "声音中断",
            "没有声音，最长 {measured}，位于 {times}；一般不超过 {limit}，否则观众会以为音响出了故障。",
            "若是有意安排，请在给技术人员的说明中写明，或垫一层轻微的环境声；否则请修正声音，再重新导出。",
        ),
    ),
    **PICTURE_FINDINGS,
    **MEDIA_FINDINGS,
}

_EXPORT: tuple[str, str] = (
    "Export the film from your editing programme as MP4 with H.264 and AAC, and upload that file.",
    "请从剪辑软件将影片导出为 MP4（H.264 视频、AAC 音频），再上传该文件。",
)
_TRY_AGAIN: tuple[str, str] = (
    "Your file is kept. The organisers see this too and can start the inspection again; you need do nothing for now.",
    "您的文件已妥善保存。主办方也能看到此情况并可重新检测，您暂时无须操作。",
)

PROBLEMS: Mapping[str, Texts] = {
    "empty": (
        ("The file is empty", "It has 0 bytes, so there is no film in it.", _EXPORT[0]),
        ("文件为空", "文件大小为 0 字节，其中没有影片。", _EXPORT[1]),
    ),
    "not_a_film": (
        ("This is not a film", "Whatever its name says, the file contains {found}.", _EXPORT[0]),
        ("这不是影片文件", "无论文件名如何，其内容是{found}。", _EXPORT[1]),
    ),
    "no_index": (
        (
            "The file is cut off",
            "Its table of contents, which stands at the end, is missing; no player can open it.",
            "Play your own file. If it plays, upload it again; if it does not, the export was interrupted: export once more.",
        ),
        (
            "文件不完整",
            "文件末尾的索引缺失，任何播放器都无法打开。",
            "请先在本地播放该文件。若能播放，请重新上传；若不能，说明导出曾中断，请重新导出。",
        ),
    ),
    "damaged": (
        ("The file cannot be opened", "It begins like a film, but its inside makes no sense.", _EXPORT[0]),
        ("文件无法打开", "文件开头像是影片，但内部结构有误。", _EXPORT[1]),
    ),
    "no_video": (
        ("There is no picture", "The file holds sound or other data, but no picture.", _EXPORT[0]),
        ("没有画面", "文件中有声音或其他数据，但没有画面。", _EXPORT[1]),
    ),
    "cannot_be_repacked": (
        (
            "No copy can be made",
            "No container takes what is in this file, so it cannot be labelled without being encoded anew.",
            _EXPORT[0],
        ),
        ("无法生成副本", "没有封装格式能容纳该文件的内容，因此不重新编码就无法写入标识。", _EXPORT[1]),
    ),
    "unknown_codec": (
        ("The picture cannot be decoded", "It is encoded in a way that is not known here.", _EXPORT[0]),
        ("画面无法解码", "画面采用了无法识别的编码方式。", _EXPORT[1]),
    ),
    "no_frames": (
        (
            "Not one picture can be decoded",
            "The file declares {codec}, but no frame comes out of it; it is damaged or protected.",
            _EXPORT[0],
        ),
        ("无法解出任何画面", "文件标明编码为 {codec}，却解不出一帧画面，可能已损坏或被加密。", _EXPORT[1]),
    ),
    "picture_too_large": (
        (
            "The picture is too large",
            "It measures {size} pixels; at most 4096 × 2304 can be inspected and shown.",
            "Export the film in 4K (3840 × 2160) or smaller, and upload that file.",
        ),
        (
            "画面尺寸过大",
            "画面为 {size} 像素，最多只能检测和放映 4096 × 2304 像素。",
            "请以 4K（3840 × 2160）或更小的尺寸导出影片，再上传该文件。",
        ),
    ),
    "too_many_streams": (
        (
            "The file has too many tracks",
            "It has {streams} tracks; at most {most} are opened.",
            "Export one picture track and one soundtrack only.",
        ),
        ("轨道过多", "文件有 {streams} 条轨道，最多只能打开 {most} 条。", "请只导出一条视频轨和一条音轨。"),
    ),
    "too_many_frames": (
        (
            "The film has too many frames",
            "It has more than {most} frames, which is more than can be inspected.",
            "Shorten the film, or export it with a lower frame rate.",
        ),
        ("影片帧数过多", "影片超过 {most} 帧，超出可检测的范围。", "请缩短影片，或以较低的帧率导出。"),
    ),
    "frame_rate_too_high": (
        (
            "The frame rate is too high",
            "The film runs at about {rate} frames per second; at most {most} can be inspected and shown.",
            "Export it with 60 frames per second or fewer.",
        ),
        (
            "帧率过高",
            "影片约为每秒 {rate} 帧，最多只能检测和放映每秒 {most} 帧。",
            "请以每秒 60 帧或更低的帧率导出。",
        ),
    ),
    "memory": (
        (
            "Opening the film takes too much memory",
            "The inspector stopped: the file asks for far more memory than a film needs.",
            _EXPORT[0],
        ),
        ("打开影片所需内存过多", "检测已停止：该文件所需内存远超一部影片的需要。", _EXPORT[1]),
    ),
    "cpu": (
        (
            "Decoding the film takes too long",
            "The inspector stopped: the file needs far more computing than a film of its length.",
            _EXPORT[0],
        ),
        ("解码耗时过长", "检测已停止：该文件的计算量远超同等片长的影片。", _EXPORT[1]),
    ),
    "too_slow": (
        ("The inspection took too long", "It was stopped after {seconds}.", _TRY_AGAIN[0]),
        ("检测耗时过长", "检测进行了 {seconds} 后被停止。", _TRY_AGAIN[1]),
    ),
    "stalled": (
        ("The inspection stood still", "Nothing moved for {seconds}, so it was stopped.", _TRY_AGAIN[0]),
        ("检测停滞", "检测在 {seconds} 内没有进展，已被停止。", _TRY_AGAIN[1]),
    ),
    "killed": (
        (
            "The inspection was interrupted",
            "The system ended it, perhaps for want of memory; this says nothing about your film.",
            _TRY_AGAIN[0],
        ),
        ("检测被中断", "系统终止了检测，可能因内存不足；这与您的影片质量无关。", _TRY_AGAIN[1]),
    ),
    "crashed": (
        ("The inspection failed", "The decoder broke down on this file.", _TRY_AGAIN[0]),
        ("检测失败", "解码器在处理该文件时出错。", _TRY_AGAIN[1]),
    ),
    "disk": (
        (
            "The inspector’s disk is full or faulty",
            "The inspection could not be written down; this says nothing about your film.",
            _TRY_AGAIN[0],
        ),
        ("检测服务器的磁盘已满或有故障", "检测结果无法写入；这与您的影片质量无关。", _TRY_AGAIN[1]),
    ),
    "missing": (
        ("The file is not there", "The inspector did not find the film in the store.", _TRY_AGAIN[0]),
        ("找不到文件", "检测程序在存储中没有找到该影片。", _TRY_AGAIN[1]),
    ),
}

FOUND_INSTEAD: Mapping[str, tuple[str, str]] = {
    "text": ("plain text", "纯文本"),
    "playlist": ("a playlist, not the film itself", "播放列表，而非影片本身"),
    "image": ("a still picture", "静态图片"),
    "archive": ("a compressed archive; unpack it first", "压缩包，请先解压"),
    "document": ("a document", "文档"),
    "sound": ("sound only", "纯音频"),
    "program": ("a program", "程序"),
    "other_film": ("a film in a format that is not taken here", "本站不接收的影片格式"),
    "zeros": ("nothing but zeros: the copy or upload went wrong", "全部为零字节，复制或上传时出了错"),
    "unknown": ("data of an unknown kind", "无法识别的数据"),
}

PHRASES: Mapping[str, tuple[str, str]] = {
    "joint": (", ", "、"),
    "more": (" and {count} more", "及另外 {count} 处"),
    "min_size": ("at least {size}", "不小于 {size}"),
    "max_size": ("at most {size}", "不大于 {size}"),
    "min_width": ("at least {size} wide", "宽不小于 {size}"),
    "max_width": ("at most {size} wide", "宽不大于 {size}"),
    "min_height": ("at least {size} high", "高不小于 {size}"),
    "max_height": ("at most {size} high", "高不大于 {size}"),
    **PICTURE_PHRASES,
    **MEDIA_PHRASES,
}
