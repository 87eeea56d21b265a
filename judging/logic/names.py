"""Names of people and houses as they are compared when conflicts are looked for. On the safe side: rather one too many.

Compared without width (Ｗａｎｇ), case, accents, punctuation and the order of Latin words; Chinese, Japanese and Korean
names also without spaces and middle dots. Scripts are not converted into each other: 王伟 and Wang Wei are two names.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

# Chinese surnames of two characters; the others have one.
_COMPOUND = (
    "欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 令狐 慕容 宇文 长孙 長孫 司徒 司空 端木 "
    "轩辕 軒轅 夏侯 独孤 獨孤 南宫 南宮 西门 西門 百里 呼延 东郭 東郭 申屠 太史 公冶 澹台 濮阳 濮陽 淳于 单于 赫连 "
    "赫連 钟离 鍾離 鲜于 鮮于 闾丘 閭丘 亓官 司寇 仉督 子车 子車 颛孙 顓孫 巫马 巫馬 公西 漆雕 乐正 樂正 壤驷 公良 "
    "拓跋 夹谷 宰父 谷梁 段干 东门 南门 呼延 左丘 梁丘 第五 纳兰 納蘭 叶赫 爱新"
)
COMPOUND = frozenset(_COMPOUND.split())
# Words that say what a house is, not which.
_HOUSE_WORDS = "co company corp corporation gmbh inc limited llc ltd plc sa sarl srl the"
HOUSE_WORDS = frozenset(_HOUSE_WORDS.split())
HOUSE_ENDINGS = ("股份有限公司", "有限责任公司", "有限公司", "股份公司", "公司")
SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))
# Anybody can have an address there: it says nothing about who works with whom.
_PUBLIC_MAIL = (
    "126.com 139.com 163.com 163.net 188.com 189.cn 21cn.com aliyun.com aol.com daum.net duck.com fastmail.com "
    "foxmail.com free.fr gmail.com gmx.com gmx.de gmx.net googlemail.com hanmail.net hey.com hotmail.co.uk "
    "hotmail.com hotmail.fr icloud.com laposte.net libero.it live.cn live.com mac.com mail.com mail.ru me.com "
    "msn.com naver.com orange.fr outlook.com outlook.fr pm.me proton.me protonmail.com qq.com rediffmail.com "
    "rocketmail.com sina.cn sina.com sohu.com t-online.de tom.com tuta.io tutanota.com vip.163.com vip.qq.com "
    "vip.sina.com wanadoo.fr web.de wo.cn yahoo.cn yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.cn yahoo.fr "
    "yandex.com yandex.ru ymail.com yeah.net zoho.com"
)
PUBLIC_MAIL = frozenset(_PUBLIC_MAIL.split())
NOBODYS = frozenset(("example", "invalid", "localhost", "test"))
MOST_NAMES = 50_000  # whose comparable form is remembered: the same are compared again and again
GRAM = 4  # characters a Chinese, Japanese or Korean house must share to be found inside a longer name
SEPARATORS = re.compile(r"[,，、;；/|\n]+|\s+(?:&|and|und|et|和|与)\s+")
EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f]")


def words_of(text: str) -> list[str]:
    """The words of a name as they are compared."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = (char for char in folded if not unicodedata.combining(char) or "\u3099" <= char <= "\u309a")
    spaced = "".join(char if char.isalnum() else " " for char in unicodedata.normalize("NFC", "".join(kept)))
    return spaced.split()


@lru_cache(maxsize=MOST_NAMES)
def key(name: str) -> str:
    """How a name is compared: two names with the same key are the same."""
    words = words_of(name)
    if any(EAST_ASIAN.search(word) for word in words):
        return "".join(words)
    return " ".join(sorted(words))


def house_key(name: str) -> str:
    """How a company, school or team is compared: without what kind of house it is."""
    plain = key(name)
    if EAST_ASIAN.search(plain):
        ending = next((one for one in HOUSE_ENDINGS if plain.endswith(one) and len(plain) > len(one)), "")
        return plain.removesuffix(ending)
    return " ".join(word for word in plain.split() if word not in HOUSE_WORDS) or plain


def names_in(text: str) -> list[str]:
    """The names of a line that may hold several, and the whole line itself."""
    parts = [part.strip() for part in SEPARATORS.split(text)]
    return list(dict.fromkeys(part for part in (text.strip(), *parts) if part))


@lru_cache(maxsize=MOST_NAMES)
def surname(name: str) -> str:
    """The surname as it is compared: the first character of an East Asian name, two where it is a compound surname,
    all before a space where there is one; of other names the word in capitals, else the last. "" when there is none."""
    written = unicodedata.normalize("NFKC", name).strip()
    if EAST_ASIAN.search(written):
        parts = written.split()
        first = "".join(words_of(parts[0])) if parts else ""
        if len(parts) > 1 and EAST_ASIAN.search(first) and len(first) <= 3:
            return first
        return first[:2] if first[:2] in COMPOUND and len(first) > 2 else first[:1]
    written_words = [word.strip(".,") for word in written.split()]
    shouted = [word for word in written_words if len(word) > 1 and word.isupper()]
    words = [word for word in words_of(" ".join(written_words)) if word not in SUFFIXES]
    if len(words) < 2:
        return ""
    if len(shouted) == 1 and words_of(shouted[0]):
        return words_of(shouted[0])[-1]
    return words[-1] if len(words[-1]) > 1 and words[-1].isalpha() else ""


def domain(email: str) -> str:
    """The domain of an address, or "" where it belongs to a public mail provider or to nobody (RFC 2606)."""
    found = email.rpartition("@")[2].strip().casefold()
    nobody = found.rpartition(".")[2] in NOBODYS or found.startswith("example.")
    return "" if nobody or found in PUBLIC_MAIL else found


@dataclass
class Index:
    """Where names stand: films by name, surname, domain and address. Built once, asked for every judge."""

    names: dict[str, set[int]] = field(default_factory=dict)
    surnames: dict[str, set[int]] = field(default_factory=dict)
    domains: dict[str, set[int]] = field(default_factory=dict)
    _words: dict[str, set[str]] = field(default_factory=dict)
    _grams: dict[str, set[str]] = field(default_factory=dict)

    def add_name(self, film: int, text: str, *, person: bool = True) -> None:
        """A name in a film; `person`: its surname counts too."""
        for name in names_in(text):
            found = key(name)
            if not found:
                continue
            if found not in self.names:
                self.names[found] = set()
                for word in found.split():
                    self._words.setdefault(word, set()).add(found)
                for place in range(len(found) - GRAM + 1) if EAST_ASIAN.search(found) else ():
                    self._grams.setdefault(found[place : place + GRAM], set()).add(found)
            self.names[found].add(film)
            if person and (last := surname(name)):
                self.surnames.setdefault(last, set()).add(film)

    def add_email(self, film: int, email: str) -> None:
        if found := domain(email):
            self.domains.setdefault(found, set()).add(film)

    def films_of(self, party: str, *, house: bool = False) -> set[int]:
        """The films in which a person, or a house, is named.

        A house is also found inside longer names: with all its words, at least two, or four East Asian characters.
        """
        found = set(self.names.get(key(party), ()))
        if not house:
            return found
        wanted = house_key(party)
        for name in self._longer(wanted):
            found |= self.names[name]
        return found

    def _longer(self, wanted: str) -> Iterator[str]:
        if wanted in self.names:
            yield wanted
        if EAST_ASIAN.search(wanted):
            if len(wanted) >= GRAM:
                yield from (name for name in self._grams.get(wanted[:GRAM], ()) if wanted in name)
            else:
                yield from (wanted + ending for ending in HOUSE_ENDINGS if wanted + ending in self.names)
            return
        words = set(wanted.split())
        if not words:
            return
        holding: Iterable[str] = set.intersection(*(self._words.get(word, set()) for word in words))
        for name in holding:
            if len(words) > 1 or set(name.split()) - words <= HOUSE_WORDS:
                yield name
