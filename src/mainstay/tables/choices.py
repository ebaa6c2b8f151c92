"""What the choices of columns are called: one word for people beside each code, in both languages."""

from __future__ import annotations

from mainstay.tables.declaration import Column
from mainstay.tables.findings import Both
from mainstay.units import UNIT_WORDS

_WORDS: dict[str, Both] = {
    "active": Both("ill now", "现患"),
    "air": Both("air", "航空"),
    "applied": Both("applied for", "已申请"),
    "area": Both("area", "地区"),
    "class": Both("class of items", "大类"),
    "cash": Both("cash", "资金"),
    "contingency": Both("contingency", "应变"),
    "conventional": Both("conventional", "常规"),
    "crisis": Both("crisis", "危机"),
    "critical": Both("critically ill", "危重"),
    "cumulative": Both("running total", "累计"),
    "day": Both("of the day", "当日"),
    "desirable": Both("desirable", "一般"),
    "enterprise": Both("in distribution", "流通库存"),
    "equipment": Both("equipment", "设备"),
    "essential": Both("essential", "重要"),
    "express": Both("express", "快速"),
    "facility": Both("facility", "医疗机构"),
    "fast": Both("fast track", "应急通道"),
    "family": Both("family of items", "物资族"),
    "finished": Both("finished", "成品"),
    "held": Both("held", "已持有"),
    "high": Both("high", "高"),
    "holiday": Both("holiday", "假期"),
    "horizon": Both("for the whole plan", "整个计划期"),
    "hospital": Both("in hospital", "住院"),
    "icu": Both("in intensive care", "重症"),
    "industry": Both("industry", "行业"),
    "intermediate": Both("intermediate", "半成品"),
    "kg": Both("kg", "千克"),
    "lane": Both("lane", "运输通道"),
    "large": Both("large", "大型"),
    "licence": Both("licence", "资质"),
    "line": Both("line", "产线"),
    "line_kind": Both("kind of line", "产线类型"),
    "low": Both("low", "低"),
    "m3": Both("m³", "立方米"),
    "make": Both("make", "生产"),
    "material": Both("material", "物料"),
    "medium": Both("medium", "中"),
    "micro": Both("micro", "微型"),
    "mild": Both("mildly ill", "轻症"),
    "moderate": Both("moderately ill", "普通型"),
    "needs": Both("the table needs", "需求表"),
    "new_cases": Both("new cases", "新增病例"),
    "none": Both("none", "无"),
    "normal": Both("normal", "常规"),
    "other": Both("other", "其他"),
    "port": Both("port", "口岸"),
    "projections": Both("given projections", "给定预测"),
    "rail": Both("rail", "铁路"),
    "raw": Both("raw", "原料"),
    "release": Both("release", "放行"),
    "renewal": Both("renewal equation", "更新方程"),
    "reserve": Both("reserve", "储备"),
    "road": Both("road", "公路"),
    "sea": Both("sea", "海运"),
    "seir": Both("SEIR model", "SEIR 模型"),
    "severe": Both("severely ill", "重型"),
    "share": Both("share", "比例"),
    "site": Both("site", "厂区"),
    "small": Both("small", "小型"),
    "source": Both("import", "进口货源"),
    "staff": Both("staff", "人员"),
    "transport": Both("transport", "运输"),
    "unit": Both("unit", "件"),
    "ventilated": Both("ventilated", "机械通气"),
    "vital": Both("vital", "紧要"),
    "warehouse": Both("warehouse", "仓库"),
    # where a column means something else by its code
    "basis.held": Both("held by a person", "每人持有"),
    "blocker.none": Both("nothing", "无堵点"),
    "effect.capacity": Both("capacity", "运力"),
    "owner.facility": Both("for own use", "机构自用"),
    "measure.capacity": Both("usable capacity", "可用产能"),
    "measure.consumption": Both("consumption", "消耗"),
    "measure.need": Both("need", "需求"),
    "measure.output": Both("output", "产量"),
    "measure.received": Both("goods received", "收货"),
    "measure.stock": Both("stock", "库存"),
    "size.medium": Both("medium", "中型"),
}


def choice_words(column: Column, code: str) -> Both:
    """What one choice of a column is called.

    >>> from mainstay.tables import CASE_TABLES
    >>> choice_words(CASE_TABLES["reports"].column("measure"), "received").zh
    '收货'
    """
    if column.name == "unit":
        return Both(*UNIT_WORDS[code])
    return _WORDS.get(f"{column.name}.{code}") or _WORDS[code]
