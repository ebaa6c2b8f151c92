"""The sentences of the story, in English and Chinese."""

from __future__ import annotations

WORDS = {
    "begin": (
        "A story of {days} days, its reports and failures synthetic. Filling the platform, planning {horizon} ...",
        "演示 {days} 天，其中上报与故障均为虚构。正在填充平台并编制方案（{horizon}）……",
    ),
    "day": ("Day {number} ({planned} of the plan, {day} here)", "第{number}天（方案日{planned}，今为{day}）"),
    "reports": (
        "Reports: {senders} makers, {accepted} figures accepted, {refused} refused.",
        "上报：{senders} 家企业，接收 {accepted} 个数据，退回 {refused} 个。",
    ),
    "plan": (
        "Plan approved by a second person: vital needs met {vital}, essential {essential}.",
        "方案由第二人批准：紧要需求满足 {vital}，重要需求 {essential}。",
    ),
    "planned_anew": (
        "Planned anew, approved by a second person: vital needs met {vital}, essential {essential}.",
        "重新编制方案并由第二人批准：紧要需求满足 {vital}，重要需求 {essential}。",
    ),
    "issued": (
        "Directives: {issued} issued to {addressees} organisations, {unchanged} unchanged, {superseded} superseded; "
        "{unaddressed} lines without an addressee.",
        "指令：向 {addressees} 个单位下达 {issued} 条，{unchanged} 条不变，{superseded} 条被替代；"
        "{unaddressed} 条无承接单位。",
    ),
    "blocked": (
        "{maker} fails ({blocker}): orders blocked: {number}, {share} can still be done.",
        "{maker}受阻（{blocker}）：{number} 条指令受阻，仍可完成 {share}。",
    ),
    "held": (
        "Held up: {what}. Requests for help answered the same day: {answered}.",
        "受阻影响：{what}。当日答复求助 {answered} 件。",
    ),
    "held_item": ("{item} {quantity} ({share} of its plan)", "{item} {quantity}（占方案 {share}）"),
    "evening": (
        "Evening: {accepted} accepted, {reported} progress reports, {finished} done, {reminded} reminders. "
        "Agenda: {blocked} blocked, {late} overdue, {decide} to decide.",
        "傍晚：接受 {accepted} 条，上报进度 {reported} 条，完成 {finished} 条，催办升级 {reminded} 次。"
        "议程：受阻 {blocked} 条，逾期 {late} 条，待决 {decide} 项。",
    ),
    "mentions": ("Listed: {commended} commended, {warned} warned.", "通报：表扬 {commended} 家，提醒 {warned} 家。"),
    "outcome": ("What came of {days} days", "{days} 天的结果"),
    "undisturbed": ("without the failure", "未发生故障"),
    "kept": ("failure, plan kept", "故障后沿用原方案"),
    "anew": ("failure, planned anew", "故障后重新编制方案"),
    "loss": ("loss", "损失"),
    "cost": ("spent", "支出"),
    "failure": (
        "The failure would have cost {cost} of loss; planning anew saved {saved} of it ({share}).",
        "故障本会造成损失 {cost}；重新编制方案挽回 {saved}（{share}）。",
    ),
    "harmless": (
        "The failure cost nothing that the plan kept did not meet all the same.",
        "沿用原方案也未因故障而减少满足。",
    ),
    "lost": (
        "{item}, {tier}: {undisturbed} lost without the failure, {kept} with the plan kept, {anew} planned anew",
        "{item}（{tier}）：未故障缺 {undisturbed}，沿用原方案缺 {kept}，重新编制方案缺 {anew}",
    ),
    "directives": (
        "Directives: {issued} issued, {done} done ({full} in full), {superseded} superseded, {open} open.",
        "指令：下达 {issued} 条，完成 {done} 条（足量 {full} 条），被替代 {superseded} 条，未结 {open} 条。",
    ),
}
