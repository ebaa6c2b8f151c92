"""A register of enterprises with duplicates that are known: the same maker written in another way."""

from __future__ import annotations

import random

CITIES = ("武汉", "仙桃", "宜昌", "黄冈", "襄阳", "荆州", "孝感", "十堰", "长沙", "南昌", "合肥", "郑州")
PINYIN = ("Wuhan", "Xiantao", "Yichang", "Huanggang", "Xiangyang", "Jingzhou", "Xiaogan", "Shiyan", "Changsha",
          "Nanchang", "Hefei", "Zhengzhou")  # fmt: skip
FIRST = tuple("恒瑞康华安宏盛嘉泰永德祥新金源鑫博远天明东海润和佳顺利达兴隆")
FIRST_EN = (
    *("Heng", "Rui", "Kang", "Hua", "An", "Hong", "Sheng", "Jia", "Tai", "Yong"),
    *("De", "Xiang", "Xin", "Jin", "Yuan", "Xin", "Bo", "Yuan", "Tian", "Ming"),
    *("Dong", "Hai", "Run", "He", "Jia", "Shun", "Li", "Da", "Xing", "Long"),
)
GOODS = (("口罩", "Mask"), ("防护用品", "Protection"), ("无纺布", "Nonwoven"), ("医疗器械", "Medical Devices"),
         ("卫生材料", "Sanitary Materials"), ("化工", "Chemical"), ("纺织", "Textile"), ("制药", "Pharma"))  # fmt: skip
INDUSTRIES = ("textile", "medical", "chemical", "machinery", "pharmaceutical")


def register(number: int, share_twice: float, seed: int) -> tuple[list[dict[str, str]], set[tuple[str, str]]]:
    """Enterprises in any order, and the pairs of codes that are one enterprise."""
    draw = random.Random(seed)
    by_name: dict[str, dict[str, str]] = {}
    while len(by_name) < number:  # no two makers of a city may bear one name
        row = _enterprise(draw, len(by_name))
        by_name.setdefault(row["name"].lower(), row)
    rows = list(by_name.values())
    twins = draw.sample(rows, int(number * share_twice))
    pairs = set()
    for n, row in enumerate(twins):
        twin = _twin(draw, row, f"d{n}")
        rows.append(twin)
        pairs.add(tuple(sorted((row["enterprise"], twin["enterprise"]))))
    draw.shuffle(rows)
    return rows, pairs


def _enterprise(draw: random.Random, n: int) -> dict[str, str]:
    city = draw.randrange(len(CITIES))
    one, two = draw.randrange(len(FIRST)), draw.randrange(len(FIRST))
    zh, en = draw.choice(GOODS)
    row = {
        "enterprise": f"e{n}",
        "name": f"{PINYIN[city]} {FIRST_EN[one]}{FIRST_EN[two].lower()} {en} Co., Ltd.",
        "name_zh": f"{CITIES[city]}{FIRST[one]}{FIRST[two]}{zh}有限公司",
        "place": f"c{city}",
        "industry": draw.choice(INDUSTRIES),
    }
    if draw.random() < 0.7:
        row["registration_no"] = "91" + "".join(draw.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(16))
    return row


def _twin(draw: random.Random, row: dict[str, str], code: str) -> dict[str, str]:
    """The same enterprise as another office writes it: one or two fields differ."""
    twin = {**row, "enterprise": code}
    for change in draw.sample(("legal", "slip", "number", "industry", "one name", "place"), draw.choice((1, 2))):
        if change == "legal":
            twin["name"] = twin["name"].replace(" Co., Ltd.", " Company Limited")
            twin["name_zh"] = twin.get("name_zh", "").replace("有限公司", "有限责任公司")
        elif change == "slip":
            at = draw.randrange(3, len(twin["name"]) - 10)
            twin["name"] = twin["name"][:at] + twin["name"][at + 1 :]
            at = draw.randrange(2, 5)
            twin["name_zh"] = row["name_zh"][:at] + draw.choice(FIRST) + row["name_zh"][at + 1 :]
        elif change == "number":
            twin.pop("registration_no", None)
        elif change == "industry":
            twin["industry"] = draw.choice(INDUSTRIES)
        elif change == "one name":
            twin["name_zh"] = ""
        else:
            twin["place"] = f"c{draw.randrange(len(CITIES))}"
    return {k: v for k, v in twin.items() if v}
