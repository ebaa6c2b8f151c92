"""The parameters of the course that a case may set in its table ``parameters``: names, words, defaults, sources."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameter:
    """One parameter: its default with the source of the figure, its range, and the words for it.

    ``unit`` is words for people; empty: a share or another plain number.
    """

    name: str
    default: float
    text: str
    text_zh: str
    source: str
    unit: str = ""
    least: float = 0.0
    most: float = float("inf")


_ESFT = "WHO COVID-19 Essential Supplies Forecasting Tool, defaults of 2022"
_NISHIURA = "Nishiura et al., Int. J. Infect. Dis. 93 (2020) 284-286: all pairs"
_CORI = "Cori et al., Am. J. Epidemiol. 178 (2013) 1505-1512"
_STUDY = "own choice, tried in docs/studies/demand.md"
_WU = "Wu, Leung and Leung, Lancet 395 (2020) 689-697"
_OWN = "own choice"


def _share(name: str, default: float, text: str, text_zh: str, source: str) -> Parameter:
    return Parameter(name, default, text, text_zh, source, most=1.0)


def _days(name: str, default: float, text: str, text_zh: str, source: str, least: float = 0.0) -> Parameter:
    return Parameter(name, default, text, text_zh, source, "days", least, 365.0)


COURSE_PARAMETERS: dict[str, Parameter] = {
    p.name: p
    for p in (
        _days("serial_interval", 4.7, "days from one case to those it infects, mean", "代际间隔均值", _NISHIURA, 0.5),
        _days("serial_interval_sd", 2.9, "the same, standard deviation", "代际间隔标准差", _NISHIURA, 0.1),
        _days("window", 5, "days of reports that the reproduction number is read from", "估计窗口", _STUDY, 1),
        Parameter(
            "prior_reproduction",
            5.0,
            "reproduction number where nothing is known yet, mean",
            "再生数先验均值",
            _CORI,
            least=0.01,
            most=50.0,
        ),
        Parameter(
            "pooling",
            20.0,
            "cases that the reproduction number of all places together counts for at one place; 0: not at all",
            "汇总权重",
            _STUDY,
            "cases",
        ),
        _days(
            "damping",
            3,
            "half-life of the way of the reproduction number from above back to 1",
            "阻尼半衰期",
            _STUDY,
            0.1,
        ),
        _days(
            "damping_below",
            14,
            "the same half-life from below 1, where the measures that brought it there are kept; and of its drift",
            "再生数低于1时的回归半衰期",
            _STUDY,
            0.1,
        ),
        Parameter(
            "drift",
            0.1,
            "how far the reproduction number strays in a day: standard deviation of its logarithm",
            "再生数日漂移",
            _STUDY,
            most=2.0,
        ),
        _share("shared_drift", 0.5, "share of the drift that all places have in common", "共同漂移占比", _STUDY),
        Parameter(
            "dispersion",
            3.0,
            "how regular daily counts are: variance = mean + mean^2 / dispersion",
            "离散参数",
            _STUDY,
            least=0.01,
        ),
        Parameter("imported", 0.0, "new cases that come from outside", "输入病例", _OWN, "cases per day"),
        _share("moderate_share", 0.40, "share of cases that become moderate, no more", "中型比例", _ESFT),
        _share("severe_share", 0.15, "share of cases that become severe, no more", "重型比例", _ESFT),
        _share("critical_share", 0.05, "share of cases that become critical; the rest is mild", "危重型比例", _ESFT),
        _days("mild_days", 14, "days until a mild case is over, mean", "轻型病程", _ESFT, 0.5),
        _days("moderate_days", 14, "days until a moderate case is over, mean", "中型病程", _ESFT, 0.5),
        _days("severe_days", 7, "days of a severe case, mean", "重型住院天数", _ESFT, 0.5),
        _days("critical_days", 14, "days of a critical case, mean", "危重型住院天数", _ESFT, 0.5),
        Parameter(
            "stay_variation",
            0.6,
            "standard deviation of every stay, over its mean",
            "病程变异系数",
            "own choice: between a fixed stay (0) and an exponential one (1)",
            least=0.05,
            most=3.0,
        ),
        _days(
            "critical_delay",
            1,
            "days from the report until a case is critical, mean; severe until then",
            "报告至危重天数",
            "Wang D. et al., JAMA 323 (2020) 1061-1069: hospital on day 7 of illness, ARDS on day 8 (medians)",
        ),
        _share("hospital_mild", 0.0, "share of mild cases that are in hospital", "轻型住院比例", _ESFT),
        _share("hospital_moderate", 0.0, "share of moderate cases that are in hospital", "中型住院比例", _ESFT),
        _share("icu_share", 1.0, "share of critical cases that are in intensive care", "危重型入ICU比例", _ESFT),
        _share("ventilated_share", 2 / 3, "share of those in intensive care on a ventilator", "机械通气比例", _ESFT),
        Parameter(
            "reproduction_number", 2.68, "people whom one infects, without measures", "基本再生数", _WU, most=50.0
        ),
        _days("latent_days", 6.0, "days from infection until infectious, mean", "潜隐期", _WU),
        _days("infectious_days", 2.4, "days infectious, mean", "传染期", _WU, 0.1),
        _share("found_share", 1.0, "share of the infected who become known cases", "发现率", _OWN),
        _share("severe_fatality", 0.134, "share of severe cases who die", "重症病死率", _ESFT),
        _share("critical_fatality", 0.5, "share of critical cases in care who die", "危重症病死率", _ESFT),
        _share("reproduction_spread", 0.1, "relative sd of the reproduction number", "再生数相对标准差", _OWN),
        _share("stay_spread", 0.1, "relative sd of the mean stays", "平均病程相对标准差", _OWN),
        Parameter("infected", 0.0, "people infected and not yet found on the day before the start", "初始感染", _OWN),
    )
}
"""By name, in the order in which the documents show them."""

ESFT_PREFIX = "esft_"
"""Parameters that begin so are those of the ESFT-compatible method, which knows and judges them itself."""
