"""Every word of the report, in English and in Chinese, and how amounts and days are said in both.

A text is looked up by its key and filled with parts; parts may themselves differ by language.
``*word*`` is shown strong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from html import escape

from mainstay.report.chain_texts import CHAIN_TEXTS
from mainstay.report.prepare_texts import PREPARE_TEXTS
from mainstay.report.replay_texts import REPLAY_TEXTS
from mainstay.report.siting_texts import SITING_TEXTS
from mainstay.report.stress_texts import STRESS_TEXTS
from mainstay.units import UNIT_WORDS

TEXTS: dict[str, tuple[str, str]] = {
    # the page
    "skip": ("Skip to the content", "跳到正文"),
    "report": ("Supply plan", "物资保障方案"),
    "derived": ("Needs derived from the epidemic", "疫情需求推算"),
    "language": ("Language", "语言"),
    "print": ("Print", "打印"),
    "contents": ("Contents", "目录"),
    "no_script": (
        "The charts and tables below need JavaScript, which is switched off in this browser.",
        "下方图表需要启用 JavaScript。",
    ),
    "planned": (
        "{start} to {end}, {days} {days:day|days}; scenario {scenario}",
        "{start}至{end}，共{days}天；情景：{scenario}",
    ),
    # why
    "ex_kicker": ("Why", "为什么"),
    "ex_planned": ("Plan of {start} to {end}", "方案：{start}至{end}"),
    "ex_chain": ("The chain of what binds", "约束链"),
    "ex_levers": ("What would bring most", "最有效的措施"),
    "ex_instead": ("Who gets it instead, and by which rule", "物资去向与规则"),
    "ex_lost": ("{amount} lost, {start} to {end}", "{start}至{end}缺{amount}"),
    "ex_untried": ("Not tried.", "未试算。"),
    "ex_brings": (
        "One more unit brings {found}, found by solving again; each does up to {until}.",
        "每增加一单位得{found}（重新求解）；增至{until}以内均如此。",
    ),
    "ex_broken": (
        "One more unit brings {found}, found by solving again; its price promised {promised}, which does not hold.",
        "每增加一单位得{found}（重新求解）；影子价格所示{promised}不成立。",
    ),
    "ex_binds": ("What binds", "瓶颈"),
    "ex_until": ("Until", "至"),
    "ex_unit": ("Counted in", "单位"),
    "ex_promised": ("One more promises", "所示增益"),
    "ex_found": ("Found", "试算增益"),
    "ex_range": ("Holds up to", "成立至"),
    "ex_holds": ("Holds", "成立"),
    "ex_note": (
        "Promised by the price of the thing that binds; found by solving the stage of the shortage again with a little "
        "more of it, while whole numbers and all that earlier stages won are kept. A promise holds where both differ "
        "by no more than 1%.",
        "“所示”来自影子价格；“试算”为保持整数决定和前序目标不变、略增该资源后重新求解所得。两者相差不超过1%即为成立。",
    ),
    # sections
    "situation": ("The situation in ten lines", "十句话看形势"),
    "today": ("What to do today", "今天做什么"),
    "today_lead": (
        "Decisions of the first day of the plan, {date}. Inside each group those that weigh most come first; "
        "the tables further down hold all of them.",
        "方案第一天（{date}）的决定。各组内按分量排序，全部决定见下方各表。",
    ),
    "demand": ("What people will need", "需求"),
    "demand_lead": (
        "Needs follow from the course of the epidemic, the people in each setting and the rules of use. The course is "
        "{paths} sample {paths:path|paths}, each one possible future of all places together: the line is "
        "their median, the dark band holds 50% of them, the pale band 90%. All places together are added up path "
        "by path.",
        "需求由疫情走势、各场景人数和使用规则推算。走势为{paths}条样本路径，每条是各地共同的一种可能：线为中位数，"
        "深色带含50%的路径，浅色带含90%的路径。各地合计逐条路径相加。",
    ),
    "summary_title": ("Each item, all places together", "各项物资（各地合计）"),
    "drivers_title": ("What drives the need", "需求从何而来"),
    "drivers_lead": (
        "Who the median need over all days is for: a bar for each item, made up of the settings in which it is used. "
        "Choose an item by its bar.",
        "整个方案期中位需求的构成：每项物资一条，按使用场景划分。点击可选择物资。",
    ),
    "people_title": ("People by setting", "各场景人数"),
    "notes_title": ("What was done to the figures", "数据处理说明"),
    "where": ("Where needs are not met", "哪里供不上"),
    "where_lead": (
        "Each bubble is an area: its size is the need of the day, its colour the share of the need that is met.",
        "每个圆点为一个地区：大小表示当天需求，颜色表示满足率。",
    ),
    "where_lead_areas": (
        "Each area is coloured by the share of its need that is met on the day.",
        "各地区颜色表示当天的满足率。",
    ),
    "when": ("Need, supply and shortage over time", "需求、供应与缺口的变化"),
    "when_lead": (
        "First all items at a glance, then one item by day. Quantities of a weekly period are shown as its "
        "daily average.",
        "先看全部物资，再看单项物资的逐日情况。按周计划的时段显示日均量。",
    ),
    "why": ("What binds", "瓶颈在哪里"),
    "why_lead": (
        "For each shortage, the resource that binds, traced upstream; then how far lines are used, and what "
        "one more unit "
        "of a binding resource would bring.",
        "每个缺口向上游追溯到起约束作用的资源；再看产线利用情况，以及瓶颈资源多一个单位能带来什么。",
    ),
    "change": ("What to convert, license and unlock", "转产、审批与支持措施"),
    "change_lead": (
        "All such decisions of the plan, ranked by what they add a day as a share of the plan's busiest day "
        "for that item. "
        "A maker that still waits for its licence or its materials adds less at first.",
        "方案中的全部此类决定，按其每日新增能力占该物资最高日产量的比例排序。",
    ),
    "make": ("Who makes what, when", "谁在何时生产什么"),
    "make_lead": (
        "Good units by the day on which they are out of production or released, averaged over the period.",
        "按产出或放行日期统计的合格品日均量。",
    ),
    "flow": ("Where goods flow", "物资流向"),
    "flow_lead": (
        "Shipments of one item over the whole plan; a line's width is its quantity, the arrow points to where it goes.",
        "某项物资在整个方案期内的调运；线宽表示数量，箭头指向目的地。",
    ),
    "cover": ("Stock cover", "库存可用天数"),
    "cover_lead": (
        "How many days of the coming need the stock at the end of each period would last, if nothing more came in.",
        "若不再补充，各时段末库存可满足后续需求的天数。",
    ),
    "proof": ("How far to trust it", "可信程度"),
    "proof_lead": (
        "The plan is solved in stages, each kept while the next is improved. The bound is what no plan that "
        "does as well in the "
        "earlier stages can beat. A separate check then walked the plan's tables rule by rule.",
        "方案按目标逐级求解，后一级不损害前一级。下界是在前级同样好的前提下任何方案都无法突破的值。随后由独立程序按规则逐条核对结果表。",
    ),
    "tables": ("All tables of the plan", "全部结果表"),
    "tables_lead": (
        "Pick a table, sort it by a column, filter it, or save it as CSV.",
        "选择表格，可按列排序、筛选，或保存为 CSV。",
    ),
    "glossary": ("Words used here", "用语说明"),
    # the contents, in a word each
    "nav_situation": ("Situation", "形势"),
    "nav_today": ("Today", "今天"),
    "nav_demand": ("Need", "需求"),
    "nav_where": ("Where", "哪里"),
    "nav_when": ("When", "何时"),
    "nav_why": ("What binds", "瓶颈"),
    "nav_change": ("Convert, license, unlock", "转产审批"),
    "nav_make": ("Who makes", "生产"),
    "nav_flow": ("Flows", "流向"),
    "nav_cover": ("Stock cover", "库存"),
    "nav_proof": ("Trust", "可信度"),
    "nav_tables": ("All tables", "结果表"),
    # figures at the head
    "met_vital": ("vital needs met", "紧要需求满足率"),
    "met_essential": ("essential needs met", "重要需求满足率"),
    "met_desirable": ("desirable needs met", "一般需求满足率"),
    "met_note": (
        "Mean over items of the share of need that is met over the whole plan.",
        "各物资在整个方案期内满足率的平均值。",
    ),
    "checked": ("rules checked, none broken", "条规则核对，均无违反"),
    "check_failed": ("breaches of rules found", "处违反规则"),
    # what to know before reading on
    "remark_stocks": (
        "The opening stocks are those of {date}, for which the case gives them. What is used or comes in between that "
        "day and the first day of the plan is not counted: bring the stocks of the first day before acting on it.",
        "期初库存为{date}的数据，即算例所给之日；该日与方案首日之间的消耗与到货未计入，执行前请更新库存。",
    ),
    "remark_together": (
        "Planned on {number} scenarios at once ({names}); this is the plan for {scenario}. What is decided up to "
        "day {days} of the plan is the same in all of them, but for more sparing use: what it saves, and "
        "where it is called for, depends on how many people there are, so it follows what comes.",
        "本方案同时针对{number}个情景（{names}）制定，本页为情景{scenario}。前{days}天的决定各情景相同；"
        "降级使用除外：其节约量与启用地点取决于实际人数，随疫情而定。",
    ),
    "remark_side_by_side": (
        "Planned beside other scenarios ({names}), with no decision in common; this is the plan for {scenario}.",
        "本方案与其他情景（{names}）并列制定，无共同决定；本页为情景{scenario}。",
    ),
    # the ten lines
    "line_tiers": (
        "From {start} to {end} the plan meets {tiers} (mean over items).",
        "{start}至{end}，方案满足{tiers}（各物资平均）。",
    ),
    "part_tier": ("*{share}* of {tier} needs", "{tier}需求的*{share}*"),
    "line_short": (
        "*{item}*: {amount} {unit} of {tier} need ({share}) cannot be met; short from {since} {until}, "
        "most in {place} ({place_share} met). {why}",
        "*{item}*：{tier}需求缺{amount}{unit}（{share}），{since}起短缺，{until}；{place}最紧（满足{place_share}）。{why}",
    ),
    "why_binds": ("What binds: {causes}.", "瓶颈：{causes}。"),
    "cause": ("{resource} until {date} ({share} of the shortage)", "{resource}，至{date}（占缺口{share}）"),
    "cause_time": (
        "no time, what is started on the first day comes too late ({share} of the shortage)",
        "时间不及，首日启动也来不及（占缺口{share}）",
    ),
    "until_day": ("until {date}", "至{date}"),
    "until_end": ("to the end of the plan", "直到方案期末"),
    "line_reported": (
        "By {date} *{cases}* cases were confirmed in {place}.",
        "截至{date}，{place}确诊*{cases}*例。",
    ),
    "line_course": (
        "{setting} in *{place}*: {now} on {start}, *{then}* on {date} (median; 90% of paths {low} to {high}).",
        "*{place}*{setting}：{start}{now}人，{date}*{then}*人（中位数；90%的路径为{low}至{high}人）。",
    ),
    "line_needed": (
        "All places need *{q50}* {unit} of {item} until {until} (median; 90% of paths {q05} to {q95}).",
        "至{until}各地共需{item}*{q50}*{unit}（中位数；90%的路径为{q05}至{q95}）。",
    ),
    "line_no_short": ("No need of the plan stays unmet.", "方案期内无未满足的需求。"),
    "line_others": (
        "Short as well, by share of need: {items}.",
        "同样短缺（按缺口占需求比例）：{items}。",
    ),
    "line_place": (
        "Hardest hit is *{place}*: over all items {share} of its {tier} need is met; next: {others}.",
        "最紧张的是*{place}*：{tier}需求平均满足{share}；其次为{others}。",
    ),
    "line_place_alone": (
        "Hardest hit is *{place}*: over all items {share} of its {tier} need is met.",
        "最紧张的是*{place}*：{tier}需求平均满足{share}。",
    ),
    "line_recover": (
        "From {date} on all {tier} needs are met.",
        "自{date}起，{tier}需求全部满足。",
    ),
    "line_never": (
        "At the end of the plan {tier} needs are still short of {items}.",
        "方案期末，{tier}需求仍缺：{items}。",
    ),
    "line_convert": (
        "Lines to convert or set up today: *{lines}*, first of all {first}; {cost} {currency}.",
        "今天转产或新建产线*{lines}条*，首先是{first}；费用{cost}{currency}。",
    ),
    "line_unlock": (
        "Licence reviews to start today: *{licences}*; support measures to take: *{measures}*; {cost} {currency}.",
        "今天启动审批*{licences}项*，采取支持措施*{measures}项*；费用{cost}{currency}。",
    ),
    "line_ease": (
        "In this, use steps down to more sparing rules from {date}, first of all in *{place}*; as a share of need "
        "this saves: {items}.",
        "其中自{date}起降级使用，首先在*{place}*；节约量占需求的比例：{items}。",
    ),
    "line_source": (
        "Order abroad: {imports}. Release from reserves: {reserves}.",
        "境外订货：{imports}。动用储备：{reserves}。",
    ),
    "line_ship": (
        "Consignments to ship today: *{number}*, first of all {first}.",
        "今天发运*{number}批*，首先是{first}。",
    ),
    "line_proof": (
        "Checked apart from the solver: {rules} {rules:rule|rules}, {violations}. Stage by stage in their order, "
        "the proven gap to what any plan could reach is at most {gap}; cost {cost} {currency}.",
        "独立核对{rules}条规则，{violations}。按顺序逐级比较，已证明的差距不超过{gap}；总费用{cost}{currency}。",
    ),
    "line_proof_open": (
        "Checked apart from the solver: {rules} {rules:rule|rules}, {violations}. Not every stage was reached in "
        "the time given; cost {cost} {currency}.",
        "独立核对{rules}条规则，{violations}。限时内并未完成全部各级目标；总费用{cost}{currency}。",
    ),
    "no_violation": ("none broken", "均无违反"),
    "violations": ("{number} {number:breach|breaches}", "{number}处违反"),
    "nothing": ("nothing", "无"),
    "nothing_today": ("Nothing to decide here today.", "今天此项无须决定。"),
    "more": ("and {number} more", "另有{number}项"),
    "and_more": ("{items} and {number} more", "{items}等{total}项"),
    "part_fill": ("{place} ({share})", "{place}（{share}）"),
    "part_short": ("{item} ({tier}, {share})", "{item}（{tier}，{share}）"),
    # actions of today
    "do_convert": ("Convert and set up lines", "转产与新建产线"),
    "do_license": ("License makers", "审批放行"),
    "do_unlock": ("Unlock with support measures", "采取支持措施"),
    "do_import": ("Order abroad", "境外订货"),
    "do_reserve": ("Release reserves", "动用储备"),
    "do_ease": ("Use more sparingly", "降级使用"),
    "do_make": ("Make", "安排生产"),
    "do_release": ("Sterilise and release", "灭菌放行"),
    "do_ship": ("Ship", "调运"),
    "act_convert": (
        "*{who}*: convert {lines} {lines:line|lines} from {from_kind} to {to_kind}",
        "*{who}*：{lines}条{from_kind}转为{to_kind}",
    ),
    "act_new": ("*{who}*: set up {lines} new {to_kind} {lines:line|lines}", "*{who}*：新建{lines}条{to_kind}"),
    "act_license_fast": ("*{who}*: fast-track review for {item}", "*{who}*：{item}应急审批"),
    "act_license_normal": ("*{who}*: normal review for {item}", "*{who}*：{item}常规审批"),
    "act_measure": ("*{name}*", "*{name}*"),
    "act_import": ("*{amount} {unit} of {item}* through {port}", "*{item}{amount}{unit}*，经{port}"),
    "act_import_express": (
        "*{amount} {unit} of {item}* through {port}, express customs",
        "*{item}{amount}{unit}*，经{port}，快速通关",
    ),
    "act_reserve": ("*{amount} {unit} of {item}* in {place}", "{place}：*{item}{amount}{unit}*"),
    "act_ease": ("In *{place}* use {item} by {mode} rules", "*{place}*：{item}按{mode}规则使用"),
    "act_make": ("*{who}*: {amount} {unit} of {item}", "*{who}*：{item}{amount}{unit}"),
    "act_ship": (
        "*{amount} {unit} of {item}* from {origin} to {destination} by {mode}",
        "*{item}{amount}{unit}*，{origin}→{destination}，{mode}",
    ),
    "note_adds": (
        "from {date}; adds {amount} {unit} of {item} a day",
        "{date}起；每日增加{item}{amount}{unit}",
    ),
    "note_from": ("from {date}", "{date}起"),
    "note_cost": ("; {cost} {currency}", "；{cost}{currency}"),
    "note_saves": ("saves {amount} {unit}", "节约{amount}{unit}"),
    "note_arrives": ("arrives {date}", "{date}到达"),
    "note_ready": ("out on {date}", "{date}产出"),
    "note_days": ("; {days} times today's need there", "；为当地今日需求的{days}倍"),
    "note_share": ("; {share} of today's need there", "；占当地今日需求的{share}"),
    "note_onward": ("; some goes on from there", "；部分由此转运"),
    "road": ("road", "公路"),
    "rail": ("rail", "铁路"),
    "air": ("air", "航空"),
    "sea": ("sea", "水运"),
    "part_ship": (
        "{amount} {unit} of {item} from {origin} to {destination}",
        "{item}{amount}{unit}（{origin}→{destination}）",
    ),
    "part_goods": ("{amount} {unit} of {item}", "{item}{amount}{unit}"),
    # tiers, owners, kinds
    "vital": ("vital", "紧要"),
    "essential": ("essential", "重要"),
    "desirable": ("desirable", "一般"),
    "enterprise": ("in distribution", "流通库存"),
    "reserve": ("reserve", "储备"),
    "facility": ("facility", "机构自用"),
    "contingency": ("contingency", "应变"),
    "crisis": ("crisis", "危机"),
    "fast": ("fast track", "应急通道"),
    "normal": ("normal", "常规"),
    "express": ("express", "快速"),
    "optimal": ("optimal", "最优"),
    "within gap": ("within the gap", "差距之内"),
    "gap open": ("gap open", "差距未收敛"),
    "time limit": ("stopped by the time limit", "达到时限而止"),
    "interrupted": ("stopped by the user", "用户中止"),
    # resources that bind
    "r_goods": ("{item} in {place}", "{place}的{item}"),
    "r_lines": ("{kind} lines of {who}", "{who}的{kind}"),
    "r_room": ("room on the {mode} lane {origin} to {destination}", "{origin}至{destination}的{mode}运力"),
    "r_offer": ("offer abroad of {item}, {source}", "境外{item}货源（{source}）"),
    "r_licence": ("licence of {who} for {item}", "{who}的{item}注册证"),
    "r_pool": ("{pool}", "{pool}"),
    "r_time": ("no time: what is started on the first day comes too late", "时间不及：首日启动也来不及"),
    "r_other": ("{code}", "{code}"),
    "rg_goods": ("stock of {item}", "{item}存量"),
    "rg_lines": ("{kind} lines", "{kind}"),
    "rg_room": ("room to {destination} by {mode}", "至{destination}的{mode}运力"),
    "rg_offer": ("offers abroad of {item}", "境外{item}货源"),
    "rg_licence": ("licences for {item}", "{item}注册证"),
    # the briefing
    "briefing": ("Briefing for decision", "决策简报"),
    "brief_made": ("made {date}, {time}", "制定于{date}{time}"),
    "brief_situation": ("The situation", "形势"),
    "brief_chart": ("Need and supply by day: {tier} needs", "逐日供需：{tier}需求"),
    "brief_chart_note": (
        "{shown} of {total} items, the least met first; at each, the share met over all days. A period of several days "
        "is drawn as its daily average.",
        "共{total}项，按满足率由低到高列出{shown}项，右上为全期满足率；跨多天的时段按日均绘制。",
    ),
    "brief_chart_alt": (
        "Bars for each day from {start} to {end}: {tier} need supplied and short, under a line of the need. Share met "
        "over all days: {items}.",
        "{start}至{end}逐日柱图：{tier}需求的供应与缺口，折线为需求。全期满足率：{items}。",
    ),
    "brief_most": ("most: {amount} {unit} a day", "最高{amount}{unit}/日"),
    "brief_short": ("What runs short, when and why", "缺什么、何时缺、为何缺"),
    "brief_short_when": ("{since} {until}", "{since}起，{until}"),
    "brief_short_much": ("{amount} {unit} ({share})", "{amount}{unit}（{share}）"),
    "brief_short_more": (
        "Items that run short besides: {number}; the report has all.",
        "另有{number}项短缺，详见方案报告。",
    ),
    "brief_today": (
        "Decisions of the first day of the plan, {date}. Inside each group those that weigh most come first.",
        "方案第一天（{date}）的决定，各组内按分量排序。",
    ),
    "brief_untraced": ("not traced", "未追溯"),
    "brief_none_today": ("Nothing to decide today: {groups}.", "今天无须决定：{groups}。"),
    "brief_more": ("and {number} more in the report", "另有{number}项，见方案报告"),
    "brief_areas": ("Needs met by area", "各地区需求满足率"),
    "brief_areas_more": (
        "In each of the other {number} areas at least {share} of {tier} needs is met.",
        "其余{number}个地区{tier}需求满足率均不低于{share}。",
    ),
    "brief_sources": ("What this rests on", "依据"),
    "brief_decision": ("Decision", "批示"),
    "brief_approved": ("Approved", "同意"),
    "brief_changed": ("Approved with changes", "修改后同意"),
    "brief_returned": ("Returned", "退回"),
    "brief_remarks": ("Remarks", "意见"),
    "brief_signature": ("Name and signature", "签名"),
    "brief_date": ("Date", "日期"),
    "c_when": ("short", "短缺时段"),
    "c_tightest": ("tightest in", "最紧张地区"),
    "c_least": ("least met", "最缺物资"),
    # controls
    "item": ("Item", "物资"),
    "tier": ("Tier", "层级"),
    "place": ("Place", "地点"),
    "day": ("Day", "日期"),
    "setting": ("Setting", "场景"),
    "kind": ("Kind of line", "产线类型"),
    "table": ("Table", "表格"),
    "all_tiers": ("All tiers", "全部层级"),
    "all_places": ("All places", "全部地点"),
    "all_items": ("All items", "全部物资"),
    "filter": ("Filter rows", "筛选"),
    "save_csv": ("Save as CSV", "保存为 CSV"),
    "as_table": ("Show the figures as a table", "以表格显示数据"),
    "rows_shown": ("{shown} of {total} rows shown", "显示{shown}行，共{total}行"),
    "rows_cut": (
        "This page holds {held} of {total} rows; the plan's own table file has them all.",
        "本页仅含{total}行中的{held}行，完整数据见方案结果文件。",
    ),
    "no_rows": ("No rows.", "无数据。"),
    "sideways": ("Scroll sideways for more columns \u2192", "左右滑动查看更多列 \u2192"),
    "show_more": ("Show more rows", "显示更多"),
    # charts
    "need": ("need", "需求"),
    "served": ("supplied", "供应"),
    "eased": ("saved by sparing use", "降级使用节约"),
    "waiting": ("waits, may be met late", "待补"),
    "lost": ("not met", "缺口"),
    "fill": ("share met", "满足率"),
    "per_day": ("{unit} a day", "{unit}/日"),
    "no_need": ("no need", "无需求"),
    "class_0": ("under 50% met", "满足不足50%"),
    "class_1": ("50 to 80%", "50%至80%"),
    "class_2": ("80 to 95%", "80%至95%"),
    "class_3": ("95 to under 99.9%", "95%至99.9%"),
    "class_4": ("fully met", "全部满足"),
    "cover_0": ("under 1 day", "不足1天"),
    "cover_1": ("1 to 3 days", "1至3天"),
    "cover_2": ("3 to 7 days", "3至7天"),
    "cover_3": ("7 to 14 days", "7至14天"),
    "cover_4": ("14 days or more", "14天及以上"),
    "use_0": ("under 25% used", "利用不足25%"),
    "use_1": ("25 to 50%", "25%至50%"),
    "use_2": ("50 to 80%", "50%至80%"),
    "use_3": ("80 to 99%", "80%至99%"),
    "use_4": ("99% or more: it binds", "99%及以上：满负荷"),
    "map_sum": (
        "{item}, {tier}, {date}: {share} of the need is met in all. Lowest: {low}. {full} of {number} areas "
        "are fully met.",
        "{item}，{tier}，{date}：总体满足{share}。最低：{low}。{number}个地区中{full}个全部满足。",
    ),
    "map_none": (
        "{item}, {tier}: nobody needs it on {date}.",
        "{item}，{tier}：{date}无需求。",
    ),
    "grid_sum": (
        "{tier}, {place}. Lowest share met: {low}. Full from the first day to the last: {full}.",
        "{tier}，{place}。满足率最低：{low}。始终全部满足：{full}。",
    ),
    "time_sum": (
        "{item}, {tier}, {place}: need {need}, met {served}, not met {lost} {unit}; worst on {worst} "
        "({worst_share} met).",
        "{item}，{tier}，{place}：需求{need}，满足{served}，缺口{lost}{unit}；{worst}最紧（满足{worst_share}）。",
    ),
    "time_none": ("{item}, {tier}, {place}: no need in this plan.", "{item}，{tier}，{place}：本方案无需求。"),
    "median": ("median", "中位数"),
    "band_half": ("50% of the paths", "50%的路径"),
    "band_most": ("90% of the paths", "90%的路径"),
    "persons": ("people", "人"),
    "bands_sum": (
        "{what}, {place}: {now} {unit} on {start}, most on {date}: {most}.",
        "{what}，{place}：{start}{now}{unit}，{date}最高，{most}。",
    ),
    "bands_range": ("On that day 90% of paths lie between {low} and {high}.", "当天90%的路径在{low}至{high}之间。"),
    "bands_sure": ("It is the same on every path.", "各条路径相同。"),
    "bands_none": (
        "{what}, {place}: nothing is needed, or this page does not hold the place.",
        "{what}，{place}：无需求，或本页未含该地点。",
    ),
    "places_cut": (
        "This page holds the {held} of {total} places that need most; items_quantiles.csv has all of them.",
        "本页含{total}个地点中需求最大的{held}个，完整数据见items_quantiles.csv。",
    ),
    "drivers_sum": (
        "{item}, {place}: {total} {unit} over all days. Largest: {parts}.",
        "{item}，{place}：全期共{total}{unit}。最大：{parts}。",
    ),
    "driver_part": ("{setting} {share} (by {driver})", "{setting}{share}（依据：{driver}）"),
    "inflow": ("Where it comes from", "供应来源"),
    "inflow_sum": (
        "{item} coming into distribution over the plan: made {made}, released {released}, imported "
        "{imported}, from reserves {reserved} {unit}.",
        "{item}进入流通：生产{made}，放行{released}，进口{imported}，储备动用{reserved}（{unit}）。",
    ),
    "made": ("made", "生产"),
    "released": ("released", "放行"),
    "imported": ("imported", "进口"),
    "reserved": ("from reserves", "储备动用"),
    "bind_title": ("What binds, and how much it costs in need", "瓶颈及其造成的缺口"),
    "bind_sum": (
        "{item}: what binds first of all is {first}, behind {lost} of {all} {unit} not met ({share}). Kinds of "
        "resource that bind: {number}.",
        "{item}：首要瓶颈是{first}，对应缺口{lost}{unit}（全部缺口{all}，占{share}）。瓶颈资源共{number}类。",
    ),
    "bind_none": ("{item}: no shortage, so nothing binds.", "{item}：无缺口，无瓶颈。"),
    "remedy_title": ("What the plan does about it", "方案如何补上"),
    "remedy_lead": (
        "Conversions, licences, measures and orders abroad for this item and for all that it is made of, "
        "by what they add a day.",
        "针对该物资及其全部上游投入的转产、审批、支持措施与境外订货，按每日新增排序。",
    ),
    "remedy_none": ("{item}: the plan changes nothing here.", "{item}：方案未采取此类措施。"),
    "k_convert": ("convert", "转产"),
    "k_new": ("new lines", "新建"),
    "k_license": ("license", "审批"),
    "k_unlock": ("unlock", "支持措施"),
    "k_import": ("order abroad", "境外订货"),
    "c_how": ("how", "方式"),
    "use_title": ("How far lines are used", "产线利用率"),
    "use_sum": (
        "{number} {number:kind|kinds} of line; {full} {full:is|are} fully used on some day: {names}.",
        "{number}类产线，其中{full}类曾满负荷：{names}。",
    ),
    "price_title": ("What one more unit would bring", "多一个单位的效果"),
    "price_lead": (
        "Improvement of the stage's value by one more unit of the resource on that day, by the solver's "
        "prices: a hint where to look, "
        "exact only for small changes.",
        "该资源当天多一个单位对该级目标的改善，来自求解器的价格，仅对小幅变化准确。",
    ),
    "use_share": ("used", "已用"),
    "idle": ("usable, idle", "可用未用"),
    "unusable": ("not usable", "不可用"),
    "lines": ("lines", "条产线"),
    "make_sum": (
        "{item}: {total} {unit} over the plan by {number} {number:maker|makers}. Largest: {first}.",
        "{item}：方案期内共{total}{unit}，{number}家企业。最大：{first}。",
    ),
    "make_none": ("{item}: nothing is made in this plan.", "{item}：本方案不生产。"),
    "others": ("others", "其他"),
    "flow_sum": (
        "{item}: {total} {unit} travel over {number} {number:connection|connections}. Largest: {first}.",
        "{item}：共调运{total}{unit}，{number}条线路。最大：{first}。",
    ),
    "flow_none": ("{item}: nothing is shipped in this plan.", "{item}：本方案不调运。"),
    "cover_sum": (
        "{place}. At the end of {date} the stock would last: {list}.",
        "{place}。{date}末库存可用：{list}。",
    ),
    "cover_part": ("{item} {days} {days:day|days}", "{item}{days}天"),
    "largest": ("Largest connections", "主要线路"),
    "conversions_title": ("Conversions and new lines", "转产与新建产线"),
    "licences_title": ("Licence reviews", "审批"),
    "measures_title": ("Support measures", "支持措施"),
    "stages_title": ("Stages of the objective", "各级目标"),
    "rules_title": ("Rules checked", "核对的规则"),
    "violations_title": ("Breaches found", "违反之处"),
    "identity_title": ("Identity of this plan", "方案标识"),
    # columns of the tables made for the page
    "c_date": ("decide on", "决定日"),
    "c_ready": ("works from", "生效日"),
    "c_who": ("who", "企业"),
    "c_where": ("where", "地点"),
    "c_what": ("what", "内容"),
    "c_lines": ("lines", "产线数"),
    "c_adds": ("adds a day", "每日新增"),
    "c_unit": ("unit", "单位"),
    "c_weight": ("share of busiest day", "占最高日产"),
    "c_cost": ("cost, {currency}", "费用（{currency}）"),
    "c_track": ("track", "通道"),
    "c_makes": ("of which item", "物资"),
    "c_target": ("helps", "对象"),
    "c_from": ("from", "起点"),
    "c_to": ("to", "终点"),
    "c_mode": ("by", "方式"),
    "c_quantity": ("quantity", "数量"),
    "c_setting": ("setting", "场景"),
    "c_first": ("first day", "首日"),
    "c_last": ("last day", "末日"),
    "c_peak": ("most a day", "最高日产"),
    "c_total": ("total", "合计"),
    "c_process": ("process", "工艺"),
    "c_resource": ("what binds", "瓶颈资源"),
    "c_lost": ("need not met", "缺口"),
    "c_places": ("places", "地点数"),
    "c_until": ("binds until", "约束至"),
    "c_reason": ("in words", "说明"),
    "c_found": ("one more brings (where tried)", "每增一单位所得（试算）"),
    "c_found_holds": ("{found}, up to {until}", "{found}，增至{until}"),
    "c_found_not": ("{found}; its price promised {promised}", "{found}；影子价格所示{promised}"),
    "c_chain": ("from the need upstream", "自需求向上游"),
    "c_stage": ("stage", "级次"),
    "c_value": ("value", "值"),
    "c_bound": ("bound", "下界"),
    "c_gap": ("gap", "差距"),
    "c_seconds": ("seconds", "秒"),
    "c_reached": ("reached", "已完成"),
    "c_rule": ("rule", "规则"),
    "c_words": ("in words", "含义"),
    "c_breaches": ("breaches", "违反"),
    "c_price": ("price a unit", "单位价格"),
    "c_relative": ("against the highest", "相对最高值"),
    "c_tier": ("tier", "层级"),
    "c_item": ("item", "物资"),
    "c_rank": ("rank", "排序"),
    "c_kind": ("kind of line", "产线类型"),
    "c_from_day": ("on", "日期"),
    "c_place": ("place", "地点"),
    "c_need": ("need", "需求"),
    "c_served": ("met", "满足"),
    "c_fill": ("share met", "满足率"),
    "c_risk": ("risk", "风险"),
    "c_q05": ("5% of paths below", "5%路径低于"),
    "c_q25": ("25% below", "25%低于"),
    "c_q75": ("75% below", "75%低于"),
    "c_q95": ("95% below", "95%低于"),
    "c_low": ("low (5%)", "低值（5%）"),
    "c_high": ("high (95%)", "高值（95%）"),
    "c_next": ("next 7 days", "今后7天"),
    "c_peak_from": ("week of the highest median, from", "中位数最高的7天始于"),
    "c_peak_sum": ("that week", "该7天"),
    "c_driver": ("counted from", "依据"),
    "c_share": ("share", "占比"),
    "c_most_on": ("most on", "最高日"),
    "driver_new_cases": ("new cases", "新增病例"),
    "driver_active": ("people who are ill", "现患人数"),
    "driver_mild": ("mild cases", "轻症患者"),
    "driver_moderate": ("moderate cases", "普通型患者"),
    "driver_severe": ("severe cases", "重症患者"),
    "driver_critical": ("critical cases", "危重症患者"),
    "driver_hospital": ("people in hospital", "在院人数"),
    "driver_icu": ("people in intensive care", "重症监护人数"),
    "driver_ventilated": ("people on a ventilator", "使用呼吸机人数"),
    "driver_population": ("population", "人口"),
    "driver_people": ("the table people", "人数表"),
    "driver_beds": ("beds", "床位"),
    "driver_icu_beds": ("intensive care beds", "重症床位"),
    "driver_health_workers": ("health workers", "医护人员"),
    "driver_laboratories": ("laboratories", "实验室"),
    "driver_fever_clinic_posts": ("posts at fever clinics", "发热门诊岗位"),
    "driver_frontline_posts": ("posts in the field", "一线岗位"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "id_case": ("case", "案例"),
    "id_scenario": ("scenario", "情景"),
    "id_horizon": ("periods", "时段"),
    "id_hash": ("fingerprint of the inputs (SHA-256)", "输入数据指纹（SHA-256）"),
    "id_status": ("status", "状态"),
    "id_versions": ("versions", "版本"),
    "id_seconds": ("seconds of work", "用时（秒）"),
    # glossary
    "g_vital": (
        "Vital, essential, desirable: the three tiers of a need. A lower tier never takes from a higher one.",
        "紧要、重要、一般：需求的三个层级，低层级不得挤占高层级。",
    ),
    "g_fill": (
        "Share met (fill rate): quantity served or saved by more sparing use, divided by quantity needed.",
        "满足率：供应量与降级使用节约量之和除以需求量。",
    ),
    "g_short": (
        "Not met: need lost for good. Waiting: need that may still be met late. Missing data are never "
        "counted as zero.",
        "缺口：已无法满足的需求。待补：仍可延后满足的需求。缺失数据不按零处理。",
    ),
    "g_binds": (
        "A resource binds when all of it is used and one more unit would improve the plan.",
        "某资源用尽且多一个单位就能改善方案，即为瓶颈。",
    ),
    "g_gap": (
        "Gap: how far the value stands from its bound, as a share of the value. 0% means nobody can do better.",
        "差距：值与下界之差占值的比例。0%表示不可能更好。",
    ),
    **CHAIN_TEXTS,
    **PREPARE_TEXTS,
    **SITING_TEXTS,
    **STRESS_TEXTS,
    **REPLAY_TEXTS,
}
"""Key -> (English, Chinese)."""

TINY = 1e-4
"""A quantity below this reads as 0: it is what is left of rounding."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Text:
    """The same words in English and in Chinese."""

    en: str
    zh: str

    def html(self) -> str:
        """Both languages, each marked as what it is; the page shows one of them."""
        return f'<span lang="en">{_strong(self.en)}</span><span lang="zh-CN">{_strong(self.zh)}</span>'


def runs(words: str) -> list[tuple[str, bool]]:
    """Words cut where they turn strong and back; each piece, and whether it is strong.

    >>> runs("*Masks* are short")
    [('Masks', True), (' are short', False)]
    """
    pieces = enumerate(re.split(r"\*(.+?)\*", words))
    return [(piece, number % 2 == 1) for number, piece in pieces if piece]


def _strong(text: str) -> str:
    pieces = ((escape(piece), strong) for piece, strong in runs(text))
    return "".join(f"<strong>{piece}</strong>" if strong else piece for piece, strong in pieces)


def say(key: str, **parts: Text | str | int) -> Text:
    """The text of that key with its parts filled in; ``{number:line|lines}`` is the noun that goes with a number.

    >>> say("violations", number=1).en, say("violations", number=3).en
    ('1 breach', '3 breaches')
    """
    en, zh = TEXTS[key]
    return Text(
        _filled(en, {k: v.en if isinstance(v, Text) else f"{v}" for k, v in parts.items()}),
        _filled(zh, {k: v.zh if isinstance(v, Text) else f"{v}" for k, v in parts.items()}),
    )


def _filled(text: str, parts: dict[str, str]) -> str:
    def one(found: re.Match[str]) -> str:
        part, singular, plural = parts[found[1]], found[2], found[3]
        return part if singular is None else singular if part == "1" else plural

    return re.sub(r"\{(\w+)(?::([^|}]*)\|([^}]*))?\}", one, text)


def named(name: str | None, name_zh: str | None, code: str) -> Text:
    """A thing's name in both languages, as far as it has one; else its code.

    Its asterisks become wide ones ＊, since * marks strong words.
    """
    words = Text(name or code, name_zh or name or code)
    return Text(words.en.replace("*", "＊"), words.zh.replace("*", "＊"))


def join(parts: list[Text]) -> Text:
    """Words one after the other."""
    return Text(", ".join(p.en for p in parts), "、".join(p.zh for p in parts))


def sentence(text: Text) -> Text:
    """Words as the beginning of a sentence."""
    return Text(text.en[:1].upper() + text.en[1:], text.zh)


def amount(value: float) -> Text:
    """A quantity for reading, three digits kept; what is smaller than ``TINY`` is nothing.

    >>> amount(1_234_567), amount(45_678.0).en, amount(0.25).en, amount(6e-8).en
    (Text(en='1.23 million', zh='123万'), '45,700', '0.25', '0')
    """
    return Text(_short(value, ((1e9, " billion"), (1e6, " million"))), _short(value, ((1e8, "亿"), (1e4, "万"))))


def _short(value: float, words: tuple[tuple[float, str], ...]) -> str:
    for size, word in words:
        if abs(value) >= size * 0.9995:
            return f"{float(f'{value / size:.3g}'):,g}{word}"
    rounded = float(f"{value:.3g}") if abs(value) >= TINY else 0.0
    return f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:g}"


def share(value: float) -> str:
    """A share as per cent; never rounded up to 100%.

    >>> share(0.12345), share(0.99996), share(1.0)
    ('12.3%', '99.9%', '100%')
    """
    if value >= 1 - 1e-9:
        return "100%"
    return f"{int(value * 1000 + 1e-9) / 10 if value > 0.99 else round(value * 100, 1):g}%"


def day(value: date) -> Text:
    """A day in words.

    >>> day(date(2020, 1, 24))
    Text(en='24 Jan', zh='1月24日')
    """
    return Text(f"{value.day} {_MONTHS[value.month - 1]}", f"{value.month}月{value.day}日")


def full_day(value: date) -> Text:
    """A day with its year."""
    short = day(value)
    return Text(f"{short.en} {value.year}", f"{value.year}年{short.zh}")


def inside(text: Text) -> Text:
    """A name inside a sentence: in English its first letter small, unless the word is an abbreviation.

    >>> inside(Text("Medical mask", "口罩")).en, inside(Text("N95 respirator", "口罩")).en
    ('medical mask', 'N95 respirator')
    """
    plain_word = text.en[1:2].islower()
    return Text(text.en[:1].lower() + text.en[1:] if plain_word else text.en, text.zh)


def currency_words(currency: str) -> Text:
    """What money is counted in: its code, in Chinese its name where that is known."""
    return Text(currency, {"CNY": "元", "USD": "美元", "EUR": "欧元", "JPY": "日元"}.get(currency, currency))


def unit_words(unit: str | None) -> Text:
    """What the quantities of an item are counted in."""
    return Text(*UNIT_WORDS.get(unit or "", (unit or "", unit or "")))
