"""The films of the demonstration: invented titles, invented people, planted faults."""

import json
from dataclasses import dataclass

from .faults import Black, Fault, Freeze, Loud, Silence


@dataclass(frozen=True, slots=True)
class DemoFilm:
    """One film as an entrant would describe it, and how it is made.

    `country` is an ISO 3166 code. `broken` films are cut in half after they were made.
    """

    slug: str
    title_zh: str
    title_en: str
    synopsis_zh: str
    synopsis_en: str
    director_zh: str
    director_en: str
    country: str
    seconds: float
    look: str
    seed: int
    width: int = 1280
    height: int = 720
    fps: int = 24
    faults: tuple[Fault, ...] = ()
    broken: bool = False
    label: str = ""  # who made it, by an implicit label of AI-made content
    encoder: str = ""  # the program that wrote the file, by its own tag

    @property
    def metadata(self) -> dict[str, str]:
        """The tags that the file carries."""
        said = {"encoding_tool": self.encoder} if self.encoder else {}
        if self.label:
            names = ("ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2")
            values = {"Label": "1", "ContentProducer": self.label, "ProduceID": f"{self.slug}-{self.seed}"}
            said["AIGC"] = json.dumps(values | dict.fromkeys(names, ""), ensure_ascii=False)
        return said

    @property
    def clean(self) -> bool:
        """True when a usual rulebook finds nothing to complain about."""
        return not self.faults and not self.broken and self.width >= 1280


DEMO_FILMS = (
    DemoFilm(
        slug="the-mountain-postman", title_zh="山的邮差", title_en="The Mountain Postman",
        synopsis_zh="每年立春，老邮差把一封没有地址的信从这座山背到那座山。今年他走不动了，群山决定自己走过来取。",
        synopsis_en="Every spring an old postman carries a letter without an address from one mountain to the next. "
                    "This year he can no longer walk, and the mountains come to fetch it.",
        director_zh="沈砚舟", director_en="Shen Yanzhou", country="CN", seconds=10, look="mountains", seed=4,
        label="可灵AI",
    ),
    DemoFilm(
        slug="salt-for-the-moon", title_zh="月亮要盐", title_en="Salt for the Moon",
        synopsis_zh="渔村的潮水停了七天。一个女孩划着小船去问月亮，月亮说：给我一勺盐，我就把海还给你。",
        synopsis_en="For seven days no tide has come to the fishing village. A girl rows out to ask the moon, "
                    "and the moon names its price: one spoon of salt.",
        director_zh="伊内丝·巴尔博扎", director_en="Inês Barbosa", country="PT", seconds=9, look="ocean", seed=3,
        label="即梦AI", encoder="CapCut 5.9",
    ),
    DemoFilm(
        slug="last-bus-to-neon-harbour", title_zh="末班车开往霓虹港", title_en="Last Bus to Neon Harbour",
        synopsis_zh="雨夜，末班车上只有一个乘客和一台学会撒谎的报站器。它报出的每一站，都是她没能去成的地方。",
        synopsis_en="A rainy night, one passenger, and a stop announcer that has learned to lie: "
                    "each stop it calls is a place she never reached.",
        director_zh="林夏野", director_en="Lin Xiaye", country="CN", seconds=11, look="rain", seed=6,
    ),
    DemoFilm(
        slug="what-the-kite-saw", title_zh="风筝看见的", title_en="What the Kite Saw",
        synopsis_zh="爷爷说风筝会记得它看见的一切。线断的那天，孙子用一百张旧照片，替风筝把回家的路拼了出来。",
        synopsis_en="Grandfather says a kite remembers all it has seen. The day its string breaks, "
                    "a boy pieces its way home together from a hundred old photographs.",
        director_zh="阮明安", director_en="Nguyễn Minh An", country="VN", seconds=9, look="terraces", seed=9,
        encoder="DaVinci Resolve 20",
    ),
    DemoFilm(
        slug="a-river-learns-to-write", title_zh="河学会写字", title_en="A River Learns to Write",
        synopsis_zh="一条河用枯水期练字，用汛期寄信。收信的人住在入海口，等了四十年，终于读懂第一个字。",
        synopsis_en="A river practises its letters in the dry months and posts them with the flood. "
                    "At the estuary someone has waited forty years to read the first word.",
        director_zh="周未迟", director_en="Zhou Weichi", country="CN", seconds=8, look="strokes", seed=8,
    ),
    DemoFilm(
        slug="the-cartographer-of-smoke", title_zh="烟的测绘员", title_en="The Cartographer of Smoke",
        synopsis_zh="她受雇绘制一场大火留下的烟。图纸越画越像一个人的脸，而委托人始终不肯露面。",
        synopsis_en="She is hired to map the smoke a great fire left behind. Sheet by sheet it comes to look like "
                    "a face, and the client never shows his own.",
        director_zh="玛蒂尔德·克莱因", director_en="Mathilde Klein", country="DE", seconds=8, look="ink", seed=5,
    ),
    DemoFilm(
        slug="one-lantern-too-many", title_zh="多出来的一盏灯", title_en="One Lantern Too Many",
        synopsis_zh="村里每放走一个人，就升起一盏灯。那一夜数来数去，总比离开的人多了一盏。",
        synopsis_en="The village lets a lantern rise for everyone who leaves. "
                    "That night, however often they count, there is one more than there are people gone.",
        director_zh="韩書允", director_en="Han Seo-yun", country="KR", seconds=9, look="lanterns", seed=3,
    ),
    DemoFilm(
        slug="blackout-at-dawn", title_zh="天亮停电", title_en="Blackout at Dawn",
        synopsis_zh="整座城市在日出的一刻停电，太阳也没有来。电工阿乔爬上最高的楼，想看看是谁拉了闸。",
        synopsis_en="At sunrise the whole city loses power, and the sun does not come either. "
                    "An electrician climbs the tallest roof to see who pulled the switch.",
        director_zh="乔一诺", director_en="Qiao Yinuo", country="CN", seconds=12, look="rain", seed=7,
        faults=(Black(5.0, 9.0),),
    ),
    DemoFilm(
        slug="the-photographers-breath", title_zh="摄影师的一口气", title_en="The Photographer's Breath",
        synopsis_zh="拍下初雪之前，他屏住呼吸。他一直没有呼出来，于是雪也一直没有落下。",
        synopsis_en="Before he takes the first snow he holds his breath. He never lets it go, "
                    "and so the snow never falls.",
        director_zh="埃里克·松德", director_en="Erik Sund", country="SE", seconds=11, look="mountains", seed=5,
        faults=(Freeze(3.5, 9.5),),
    ),
    DemoFilm(
        slug="the-sea-turned-down", title_zh="把海调小声", title_en="The Sea, Turned Down",
        synopsis_zh="失聪的守塔人第一次戴上助听器，发现海太吵了。他找到一只旋钮，轻轻往左拧。",
        synopsis_en="A deaf lighthouse keeper puts on his first hearing aid and finds the sea far too loud. "
                    "There is a knob, and he turns it to the left.",
        director_zh="高桥凪", director_en="Takahashi Nagi", country="JP", seconds=12, look="ocean", seed=4,
        faults=(Silence(4.5, 10.5),),
    ),
    DemoFilm(
        slug="drum-of-the-ninth-hill", title_zh="第九座山的鼓", title_en="Drum of the Ninth Hill",
        synopsis_zh="传说敲响第九座山的鼓，稻子会在一夜之间成熟。少女阿禾敲了，却没有人告诉她怎么停下。",
        synopsis_en="Strike the drum of the ninth hill, they say, and the rice ripens overnight. "
                    "Ahe strikes it. Nobody has told her how to make it stop.",
        director_zh="岩温香", director_en="Ai Wenxiang", country="CN", seconds=8, look="terraces", seed=10,
        faults=(Loud(-7.0),),
    ),
    DemoFilm(
        slug="small-theatre-of-ink", title_zh="墨的小剧场", title_en="Small Theatre of Ink",
        synopsis_zh="一滴墨落进水里，演完了它的一生：出场、相爱、争吵、散开。台下只有一只玻璃杯。",
        synopsis_en="A drop of ink falls into water and plays its whole life: entrance, love, quarrel, parting. "
                    "The only audience is the glass.",
        director_zh="梅温", director_en="Mei Wen", country="SG", seconds=6, look="ink", seed=4, width=640, height=360,
    ),
    DemoFilm(
        slug="letter-cut-short", title_zh="写到一半的信", title_en="A Letter, Cut Short",
        synopsis_zh="母亲留下一封只写了一半的信。女儿请机器续写，机器却把前半封改成了另一个人的故事。",
        synopsis_en="A mother leaves a letter half written. Her daughter asks a machine to finish it, "
                    "and it quietly rewrites the first half instead.",
        director_zh="谢无咎", director_en="Xie Wujiu", country="CN", seconds=7, look="strokes", seed=9, broken=True,
    ),
)  # fmt: skip
