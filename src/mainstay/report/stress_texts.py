"""Words of the page of stress, in English and in Chinese."""

from __future__ import annotations

STRESS_TEXTS: dict[str, tuple[str, str]] = {
    "stress_report": ("Stress test of supply", "保障体系压力测试"),
    "nav_stress": ("What costs most", "影响最大"),
    "nav_survive": ("How long it is survived", "可承受时间"),
    "nav_blow": ("Smallest blow", "最小打击"),
    "nav_stress_tables": ("All tables", "全部表格"),
    "stress": ("What would cost most", "哪些中断影响最大"),
    "stress_lead": (
        "Each is lost alone for the days told, while all others do their best. What need is then lost more than "
        "undisturbed is its loss; the index is its share of the largest loss.",
        "每项单独中断所示天数，其余各方尽力弥补。比未中断时多损失的需求即为其损失；指数为其占最大损失的比例。",
    ),
    "stress_kind": ("Kind", "类型"),
    "stress_any": ("all", "全部"),
    "sk_enterprise": ("enterprise", "企业"),
    "sk_region": ("region or port", "地区或口岸"),
    "sk_lane": ("lane", "运输通道"),
    "sk_source": ("import source", "境外货源"),
    "sk_item": ("item", "物资"),
    "sk_owner": ("owner", "实际控制人"),
    "sk_pool": ("pool", "资源池"),
    "sk_line": ("line", "产线"),
    "sk_several": ("several at once", "多项同时"),
    "stress_sum": (
        "{number} of {total} cost need. Heaviest: {label}, {share} of all weighted need.",
        "{total}项中有{number}项造成损失。最重：{label}，损失加权需求的{share}。",
    ),
    "stress_none": ("None of these {total} costs any need.", "这{total}项均不造成损失。"),
    "stress_map_sum": (
        "Where it stands: the size of a mark is the heaviest loss there, red where it outlasts what is survived.",
        "所在位置：标记大小为当地最重损失，红色表示中断时间超过可承受时间。",
    ),
    "stress_exposed": ("lasts longer than it is survived", "中断长于可承受时间"),
    "stress_covered": ("survived", "可承受"),
    "stress_choose": ("Choose a bar or a mark to see what is lost.", "点击条形或标记查看具体损失。"),
    "stress_lost_title": ("What is lost", "具体损失"),
    "survive": ("How long it is survived", "可承受多久"),
    "survive_lead": (
        "Time to survive: the longest loss without further loss of need. Where the bar ends before the mark, the time "
        "to recover, need is lost. What is survived to the end of the horizon is not shown.",
        "可承受时间：不增加损失的最长中断。条形短于标记（恢复时间）即有损失。期内始终可承受者不列出。",
    ),
    "survive_sum": ("Shortest: {label}, {days} days.", "最短：{label}，{days}天。"),
    "survive_none": (
        "All are survived to the end of the horizon, or it was not looked for.",
        "期内均可承受，或未计算。",
    ),
    "survive_days": ("days survived", "可承受天数"),
    "recover_days": ("days until all is back", "恢复所需天数"),
    "blow": ("The smallest blow, and what to do against it", "最小打击及应对"),
    "blow_lead": (
        "The fewest things (or, with probabilities, the likeliest) whose loss at once pushes the fill of vital needs "
        "below the target; then the cheapest things to have ready, so that they do not.",
        "使紧要需求满足率跌破目标的最少（或最可能）中断组合；以及避免跌破的最低费用准备。",
    ),
    "blow_not_asked": ("The smallest blow was not asked for.", "未要求计算最小打击。"),
    "blow_not_needed": (
        "Vital fill is below {target} without any blow: {fill}.",
        "即使没有打击，紧要需求满足率（{fill}）已低于目标{target}。",
    ),
    "blow_none": (
        "Even all {number} together leave {fill} of vital need met: no blow pushes it below {target}.",
        "即使{number}项全部中断，紧要需求满足率仍为{fill}，不会跌破{target}。",
    ),
    "blow_found": (
        "The loss of {number} {number:thing|things at once} pushes vital fill from {before} to {fill}, "
        "below {target}. {proof}",
        "以下{number}项中断，紧要需求满足率由{before}降至{fill}，低于{target}。{proof}",
    ),
    "blow_proven": ("Nothing smaller does: proven.", "已证明没有更小的组合。"),
    "blow_open": ("Something smaller by up to {gap} may do.", "可能存在小{gap}以内的组合。"),
    "harden_enough": (
        "To hold {target} under it costs at least {cost} {currency}:",
        "在该打击下守住{target}，至少需要{cost}{currency}：",
    ),
    "harden_short": (
        "All that the case prices, bought without end, brings no more than {possible}.",
        "算例中有价的各类准备全部用上，满足率最多为{possible}。",
    ),
    "harden_title": ("What to have ready", "应备措施"),
    "stress_tables": ("All tables", "全部表格"),
    "s_label": ("what is lost", "中断对象"),
    "s_kind": ("kind", "类型"),
    "s_loss": ("need lost", "损失占需求"),
    "s_index": ("index", "暴露指数"),
    "s_fill": ("fill under it", "满足率"),
    "s_survive": ("survived, days", "可承受天数"),
    "s_recover": ("back after, days", "恢复天数"),
    "s_text": ("in words", "说明"),
    "s_weight": ("weight", "权重"),
    "s_lost": ("lost more", "新增损失"),
    "s_need": ("need", "需求"),
    "s_quantity": ("quantity", "数量"),
    "s_cost": ("cost", "费用"),
}
