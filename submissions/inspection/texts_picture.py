"""The texts of findings about what the picture does, in both languages; see `texts`."""

# ruff: noqa: E501  sentences are easier to read whole

from collections.abc import Mapping

_Text = tuple[str, str, str]

PICTURE_FINDINGS: Mapping[str, tuple[_Text, _Text]] = {
    "flash": (
        (
            "The picture flashes",
            "Up to {measured} flashes a second at {times}; more than {limit} over a quarter of the picture can cause seizures in people with photosensitive epilepsy.",
            "Slow the flashing to {limit} a second or fewer, keep it to a small part of the picture, or lower its contrast; then export again. Lightning and strobes can be softened by holding each flash for several frames.",
        ),
        (
            "画面闪烁",
            "{times} 处每秒闪烁最多达 {measured} 次；画面四分之一以上的区域每秒闪烁超过 {limit} 次，可能诱发光敏性癫痫。",
            "请将闪烁降到每秒 {limit} 次以内，或缩小闪烁区域、降低明暗反差，再重新导出。闪电、频闪灯可让每次亮起多停留几帧，使其柔和。",
        ),
    ),
    "red_flash": (
        (
            "The picture flashes in red",
            "Up to {measured} flashes of saturated red a second at {times}; more than {limit} are the most dangerous kind for people with photosensitive epilepsy.",
            "Take the saturation out of the red, or slow the flashing to {limit} a second or fewer, and export again.",
        ),
        (
            "画面有红色闪烁",
            "{times} 处饱和红色每秒闪烁最多达 {measured} 次；超过 {limit} 次时，对光敏性癫痫患者最为危险。",
            "请降低红色的饱和度，或将闪烁降到每秒 {limit} 次以内，再重新导出。",
        ),
    ),
    "flash_extended": (
        (
            "The picture flashes for long",
            "Two or three flashes in every second for {measured}, at {times}; slow flashing too can cause seizures when it goes on.",
            "Break the sequence after a few seconds, slow it below two flashes a second, or lower its contrast, and export again.",
        ),
        (
            "画面长时间闪烁",
            "{times} 处每秒闪烁两三次，持续 {measured}；较慢的闪烁若持续过久，同样可能诱发癫痫。",
            "请在数秒后中断闪烁，或降到每秒两次以下，或降低明暗反差，再重新导出。",
        ),
    ),
    "windowbox": (
        (
            "Black bars on all four sides",
            "The picture itself measures only {measured} pixels; on the screen it floats small in the black.",
            "Scale the picture in your project until it fills the frame in one direction, and export again. Often a film with bars was put into another frame with bars.",
        ),
        (
            "四周都有黑边",
            "实际画面只有 {measured} 像素，放映时四周皆黑，画面显得很小。",
            "请在工程中放大画面，至少让一个方向充满画框，再重新导出。这往往是把已带黑边的影片又放进了带黑边的画框。",
        ),
    ),
    "changing_bars": (
        (
            "The black bars change",
            "The bars around the picture change within the film (changes: {measured}), at {times}. Unless it is told that way, it looks like clips of different shape thrown together.",
            "If the change of shape is meant, leave it. Otherwise crop all clips to one aspect ratio and export again.",
        ),
        (
            "黑边中途变化",
            "片中黑边变化 {measured} 次，位于 {times}。若非叙事需要，看上去像是把不同画幅的素材拼在了一起。",
            "若画幅变化是有意安排，可不作修改；否则请将全部素材裁切为同一画幅比例，再重新导出。",
        ),
    ),
    "repeated_frames": (
        (
            "Frames are repeated",
            "At {times} the picture changes only about {measured} times a second and frames are repeated to fill {limit}; on a large screen movement stutters.",
            "Generate or export these clips at the film's own rate. If they exist only like this, try frame interpolation on single clips and look closely; drawn animation on twos is fine as it is.",
        ),
        (
            "有重复帧",
            "{times} 处画面每秒实际只变化约 {measured} 次，靠重复帧凑足 {limit} 帧；大银幕上运动会一顿一顿。",
            "请按影片的帧率重新生成或导出这些镜头。若只有这样的素材，可对个别镜头尝试补帧并仔细检查；一拍二的手绘动画可保持原样。",
        ),
    ),
    "interlaced": (
        (
            "The picture is interlaced",
            "Lines of two moments are woven into one frame, seen at {times}; on a screen of today movement shows combs.",
            "Export progressive from your project. A finished file is mended by a deinterlacer, for instance ffmpeg with -vf bwdif.",
        ),
        (
            "画面为隔行扫描",
            "{times} 处一帧之中交织着两个时刻的画面；在如今的银幕上，运动物体会出现梳齿状边缘。",
            "请从工程中以逐行扫描导出。若只有成片，可作去隔行处理，例如在 ffmpeg 中使用 -vf bwdif。",
        ),
    ),
    "telecine": (
        (
            "The picture has gone through telecine",
            "Two in five frames are woven from two, seen at {times}: 24 frames a second were brought to 30 for television. Movement stutters and shows combs.",
            "Export at 24 frames a second from your project. A finished file is brought back with an inverse telecine, for instance ffmpeg with -vf fieldmatch,decimate.",
        ),
        (
            "画面经过胶转磁处理",
            "{times} 处每五帧中有两帧由前后画面交织而成：每秒 24 帧被转成了电视用的 30 帧，运动不顺畅且有梳齿。",
            "请从工程中以每秒 24 帧导出。若只有成片，可作反胶转磁处理，例如在 ffmpeg 中使用 -vf fieldmatch,decimate。",
        ),
    ),
    "levels": (
        (
            "The picture goes beyond the video range",
            "In {measured} of the frames, brightness or colour lies outside the range that video allows (accepted: {limit}); detail there is cut off in the cinema, and blacks and whites look different from what you saw.",
            "Check that the export is set to video (limited) levels, put a broadcast-safe limiter at the end of the grade, and export again.",
        ),
        (
            "画面超出视频电平",
            "{measured} 的画面亮度或色度超出视频允许的范围（容许 {limit}）；放映时这部分层次会丢失，黑与白都与您看到的不同。",
            "请确认导出设置为视频电平（有限范围），并在调色末端加广播安全限幅，再重新导出。",
        ),
    ),
    "flicker": (
        (
            "The brightness flickers",
            "The whole picture wavers in brightness for {measured} altogether, at {times}; generated clips often do, and it tires the eyes.",
            "If it is meant (fire, old film), leave it. Otherwise put a deflicker filter on these clips, or generate them anew, and export again.",
        ),
        (
            "亮度忽明忽暗",
            "{times} 处画面整体亮度波动，累计 {measured}；生成的镜头常有此现象，久看伤眼。",
            "若是有意安排（火光、老电影效果），可不作修改；否则请对这些镜头作去闪烁处理或重新生成，再重新导出。",
        ),
    ),
    "upscaled": (
        (
            "The picture seems enlarged",
            "Hardly any of it is finer than half of its size allows. On a large screen it looks soft beside other films.",
            "If your clips were generated small, use a good upscaler on each of them before the edit, not on the finished film; or enter the film in its own size if the rules allow it.",
        ),
        (
            "画面疑似放大而成",
            "画面的细节几乎都不及其尺寸的一半。与其他影片在大银幕上连映时，会显得发虚。",
            "若素材生成时尺寸较小，请在剪辑前用质量好的放大工具逐条处理，不要放大成片；若规则允许，也可按原尺寸提交。",
        ),
    ),
    "blocky": (
        (
            "Compression blocks are seen",
            "Steps at the edges of compression blocks are {measured} times as strong as elsewhere; a large screen shows them in every dark or even surface.",
            "Export from your project with a higher bit rate (20 Mbit/s for 1080p), from clips that have not been through a messenger or a web page.",
        ),
        (
            "有压缩块",
            "压缩块边缘的跳变是别处的 {measured} 倍；在大银幕的暗部和平整处会十分明显。",
            "请从工程文件以较高码率（1080p 用 20 Mbit/s）重新导出，素材不要经聊天软件或网页转存。",
        ),
    ),
    "blurred": (
        (
            "The picture is soft throughout",
            "Its blur measures {measured} on a scale up to 1; from {limit} on, an audience looks for the projectionist.",
            "If the softness is meant, leave it. Otherwise check focus, scaling and filters in your project, and export again.",
        ),
        (
            "画面通篇模糊",
            "模糊度为 {measured}（满值为 1）；达到 {limit}，观众会以为放映没有对焦。",
            "若是有意的柔焦，可不作修改；否则请检查工程中的对焦、缩放与滤镜，再重新导出。",
        ),
    ),
    "corner_mark": (
        (
            "Something stands in a corner",
            "The same thing stands {measured} through the shots; most often it is the mark of a generating tool.",
            "If it is a tool's mark, export the clips from a plan without marks. Do not cover or blur it where the tool's terms or the law ask for it. A label that the law asks for may stay.",
        ),
        (
            "画面角落有固定标志",
            "{measured}各镜头中始终有同一图形，多为生成工具的水印。",
            "若为工具水印，请用不带水印的方式重新导出素材；工具条款或法律要求保留的，请勿遮挡或涂抹。依法添加的标识可以保留。",
        ),
    ),
    "slideshow": (
        (
            "Much of the film stands still",
            "{measured} of the film are stills, standing or only panned and zoomed; at most {limit} is expected.",
            "If a film of photographs is meant, say so in your note to the technicians. Otherwise check that all clips were rendered as moving pictures.",
        ),
        (
            "静态画面过多",
            "全片有 {measured} 是静止画面，或只作推拉摇移；一般不超过 {limit}。",
            "若本就是以静态图像构成的影片，请在给技术人员的说明中写明；否则请检查各镜头是否都已渲染为活动影像。",
        ),
    ),
    "opening_label": (
        (
            "No label is seen at the opening",
            "In the first seconds no lettering stands in the picture, and this edition asks for a label that says the film was made with AI. A person will look at it.",
            "Add a line such as “Made with AI” for at least two seconds at the opening, large enough to be read, and export again.",
        ),
        (
            "片头未见标识",
            "片头数秒内未见文字，而本届要求标明影片由人工智能生成或参与制作。工作人员会再作核对。",
            "请在片头加上“人工智能生成”之类的文字，至少停留两秒、大小清晰可读，再重新导出。",
        ),
    ),
}

PICTURE_PHRASES: Mapping[str, tuple[str, str]] = {
    "top_left": ("at the top left", "左上角"),
    "top_right": ("at the top right", "右上角"),
    "bottom_left": ("at the bottom left", "左下角"),
    "bottom_right": ("at the bottom right", "右下角"),
    "top_middle": ("at the top", "上方"),
    "bottom_middle": ("at the bottom", "下方"),
    "middle_left": ("at the left", "左侧"),
    "middle_right": ("at the right", "右侧"),
    "middle": ("in the middle", "中央"),
}
