"""Words of the page of preparing, in English and in Chinese."""

from __future__ import annotations

PREPARE_TEXTS: dict[str, tuple[str, str]] = {
    "prepare_report": ("What should stand ready", "平时应备什么"),
    "ready_days": ("Each future lasts {days} days.", "每种情景为期{days}天。"),
    "nav_ready": ("What to make ready", "应备内容"),
    "nav_frontier": ("Cost against risk", "费用与风险"),
    "nav_futures": ("What it prevents", "防范效果"),
    "ready": ("What to make ready, before it is known what comes", "未知何种疫情之前应备什么"),
    "ready_lead": (
        "Chosen for all futures at once: what it costs a year, against the need that it keeps from being lost, on "
        "average and in the worst of them.",
        "针对全部情景统一选定：权衡每年费用与所避免的缺口，兼顾平均与最差情景。",
    ),
    "ready_sum": (
        "{cost} {currency} a year, for {number} futures: {status}, within {gap} of the best possible.",
        "每年{cost}{currency}，面向{number}种情景：{status}，与最优值的差距不超过{gap}。",
    ),
    "ready_optimal": ("proven", "已证明"),
    "ready_open": ("stopped before the gap was closed", "提前停止"),
    "ready_effect": (
        "Need lost falls from {before} to {after} on average, and from {worst_before} to {worst_after} in the "
        "worst {tail} of the futures (1 is all vital need of an item of weight 1, in an average future).",
        "平均缺口由{before}降至{after}，最差{tail}情景由{worst_before}降至{worst_after}"
        "（1表示平均情景下权重为1的一种物资的全部紧要需求）。",
    ),
    "ready_values": (
        "Reckoning with all futures and not with their mean is worth {stochastic} {currency}; to know which comes is "
        "worth at most {information} {currency}.",
        "与只按平均情景准备相比，兼顾全部情景价值{stochastic}{currency}；若能预知情景，至多再值{information}{currency}。",
    ),
    "ready_map_sum": (
        "Where it stands: the size of a mark is what is spent there a year.",
        "分布：标记大小为当地每年费用。",
    ),
    "ready_forms_sum": (
        "In which form: {form} takes most, {share} of the money.",
        "形式结构：{form}占比最高，为{share}。",
    ),
    "ready_nothing": ("Nothing is to be made ready.", "无需准备。"),
    "ready_list": ("The whole list", "完整清单"),
    "frontier": ("Cost against risk", "费用与风险前沿"),
    "frontier_lead": (
        "Each point is the best design of a budget. From the knee on, more money brings clearly less.",
        "每点为一种预算下的最优方案；超过拐点后，增加投入的收益明显减少。",
    ),
    "frontier_sum": (
        "Knee: {cost} a year, mean loss {mean}, worst {worst}.",
        "拐点：每年{cost}，平均缺口{mean}，最差{worst}。",
    ),
    "frontier_flat": ("There is no knee between these budgets.", "这些预算之间没有拐点。"),
    "frontier_none": ("Other budgets were not asked for.", "未计算其他预算。"),
    "futures": ("What it prevents", "防范效果"),
    "futures_lead": (
        "Each future with nothing made ready, and with the design: the need that is lost in it.",
        "各情景在无准备与有准备时的缺口。",
    ),
    "futures_sum": (
        "Worst future: {future}, {before} without, {after} with the design.",
        "最差情景：{future}，无准备{before}，有准备{after}。",
    ),
    "futures_with": ("with the design", "有准备"),
    "futures_without": ("with nothing ready", "无准备"),
    "trials": ("Tried on fresh futures, beside simple rules", "样本外检验与简单规则对比"),
    "trials_lead": (
        "Rules spend the same money. The interval holds the true mean in 19 of 20 such draws.",
        "各规则使用同样预算；区间为95%置信区间。",
    ),
    "trials_none": ("No futures were held out.", "未保留检验情景。"),
    "unmet": ("Need unmet on average", "平均缺口明细"),
    "rule_design": ("the design", "推荐方案"),
    "rule_nothing": ("nothing", "无准备"),
    "rule_days_of_cover": ("the same days of cover everywhere", "各地同等保障天数"),
    "rule_by_population": ("in proportion to population", "按人口比例"),
    "p_form": ("form", "形式"),
    "p_place": ("place", "地点"),
    "p_quantity": ("quantity", "数量"),
    "p_most": ("most", "上限"),
    "p_cost": ("cost a year", "年费用"),
    "p_text": ("in words", "说明"),
    "p_budget": ("budget", "预算"),
    "p_mean": ("mean loss", "平均缺口"),
    "p_low": ("from", "置信下限"),
    "p_high": ("to", "置信上限"),
    "p_worst": ("worst loss", "最差平均缺口"),
    "p_gap": ("gap", "间隙"),
    "p_knee": ("knee", "拐点"),
    "p_rule": ("rule", "方案"),
    "p_fill": ("need met", "满足率"),
    "p_future": ("future", "情景"),
    "p_weight": ("weight", "权重"),
    "p_loss": ("loss", "缺口"),
    "p_loss_without": ("loss without", "无准备缺口"),
    "p_need": ("mean need", "平均需求"),
    "p_lost": ("unmet", "平均缺口"),
    "p_lost_without": ("unmet without", "无准备缺口"),
    "pf_store": ("in a store", "库存储备"),
    "pf_rotated": ("rotated", "轮换储备"),
    "pf_supplier": ("held by suppliers", "供方代储"),
    "pf_raw": ("raw or intermediate", "原料及半成品"),
    "pf_line": ("standby line", "备用产线"),
    "pf_pair": ("trained conversion", "转产预案"),
    "pf_contract": ("contract abroad", "境外合约"),
    "pf_site": ("site", "库址"),
}
