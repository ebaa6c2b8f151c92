"""The graph: every edge from effects of the network; flows; selections; exports."""

from __future__ import annotations

import json
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import polars as pl
import pytest
from tests.chain.small import chain_of, mask_case

from mainstay import examples
from mainstay.chain import Chain, analyse
from mainstay.chain.layout import lay_out
from mainstay.errors import UsageError
from mainstay.network import compile
from mainstay.plan import Plan, make_plan
from mainstay.plan.needs import with_needs
from mainstay.tables import CHAIN_TABLES, read


@pytest.fixture(scope="module")
def tiny_plan() -> Plan:
    return make_plan(read(examples.path("tiny")))


@pytest.fixture(scope="module")
def tiny(tiny_plan) -> Chain:
    return analyse(tiny_plan.case, tiny_plan.network, tiny_plan.tables)


def backed(network) -> set[tuple[str, str]]:
    """Kind and item of each task, the goods it gives or takes, and which of the two: told apart from the graph."""
    found = set()
    for task, resource, amount in network.effects.select("task", "resource", "amount").iter_rows():
        work, goods = network.tasks.row(task, named=True), network.resources.row(resource, named=True)
        if goods["what"] == "goods":
            found.add((work["kind"], work["item"], goods["item"], amount > 0))
        elif goods["what"] in ("licence", "line capacity"):
            found.add((work["kind"], work["item"], goods["what"], amount > 0))
    return found


@pytest.mark.parametrize("name", ["tiny", "cholera-mini", "hubei-2020"])
def test_every_edge_comes_from_an_effect_of_the_network(name):
    case, _ = with_needs(read(examples.path(name)).replace(horizon="14x1"))
    network = compile(case)
    chain, known = analyse(case, network), backed(network)
    item = dict(chain.nodes.select("node", "item").iter_rows())

    assert chain.edges.height > 5
    for start, end, kind, effects in chain.edges.select("from", "to", "kind", "effects").iter_rows():
        assert effects >= 1
        runs = ("make", "release")
        wanted = {
            "gives": [(each, item[end], item[end], True) for each in (*runs, "import", "reserve")],
            "takes": [(each, item[end], item[start], False) for each in runs],
            "serves": [("serve", item[end], item[start], False)],
            "equips": [("convert", None, item[start], False)],
            "permits": [(each, item[end], "licence", False) for each in runs],
        }[kind]
        assert known & set(wanted), (start, end, kind)


def test_renaming_an_enterprise_changes_nothing_but_the_name():
    before = chain_of(mask_case({"anna": 60, "bert": 40}))
    after = chain_of(mask_case({"zoe": 60, "bert": 40}))

    assert before.tables["key_enterprises"]["score"].to_list() == after.tables["key_enterprises"]["score"].to_list()
    assert before.tables["concentration"]["hhi"].to_list() == after.tables["concentration"]["hhi"].to_list()
    assert {name.replace("anna", "zoe") for name in before.nodes["node"]} == set(after.nodes["node"])


def test_the_order_of_rows_changes_nothing():
    case = mask_case({"anna": 60, "bert": 40}, {"carl": 70, "dora": 30})
    turned = case.replace(**{name: case[name].reverse() for name in ("lines", "processes", "recipes", "enterprises")})

    for name, table in chain_of(case).tables.items():
        key = CHAIN_TABLES[name].key or table.columns
        assert table.sort(key).equals(chain_of(turned).tables[name].sort(key)), name


def test_flows_are_those_of_the_plan(tiny, tiny_plan):
    made = tiny_plan.tables["production"].filter(item="mask", enterprise="maskworks")["quantity"].sum()
    flow = dict(tiny.nodes.select("node", "flow").iter_rows())
    taken = tiny.edges.filter(pl.col("from") == "item:cloth", pl.col("to") == "make:maskworks:mask@east")["flow"][0]

    assert flow["make:maskworks:mask@east"] == pytest.approx(made / 5)
    assert taken == pytest.approx(made * 0.1 / 5)
    assert tiny.is_planned


def test_utilisation_is_that_of_the_makers_lines(tiny, tiny_plan):
    lines = tiny_plan.tables["capacity"].filter(line="L1")
    used = dict(tiny.nodes.select("node", "utilisation").iter_rows())["make:maskworks:mask@east"]

    assert used == pytest.approx(lines["used"].sum() / lines["usable"].sum())


def test_a_selection_keeps_what_leads_to_the_item(tiny):
    masks = tiny.select(items=["mask"])

    assert set(masks.nodes["item"]) == {"mask", "cloth"}
    assert set(masks.tables["key_enterprises"]["enterprise"]) == {"maskworks", "nappyworks"}
    assert set(tiny.select(enterprises=["suitworks"]).nodes["item"]) == {"suit", "suit_unsterile"}


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        ({"items": ["maks"]}, 'There is no item "maks" in this case. Did you mean "mask"?'),
        ({"enterprises": ["maskwork"]}, 'There is no enterprise "maskwork" in this case. Did you mean "maskworks"?'),
        ({}, "Nothing is selected. Name an item or an enterprise"),
    ],
)
def test_a_selection_that_names_nothing_known_says_so(tiny, selection, words):
    with pytest.raises(UsageError, match=words.replace("?", r"\?")):
        tiny.select(**selection)


def test_an_item_outside_the_chain_leaves_nothing_and_says_so():
    case = mask_case()
    spare = pl.concat([case["items"], case["items"].filter(item="mask").with_columns(item=pl.lit("boot"))])

    with pytest.raises(UsageError, match="Nothing in the chain of this case leads to or from boot"):
        chain_of(case.replace(items=spare)).select(items=["boot"])


def test_the_graph_is_written_as_graphml_json_and_geojson(tiny, tmp_path):
    tiny.write(tmp_path)
    root = ElementTree.parse(tmp_path / "chain.graphml").getroot()
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    nodes = {node.get("id") for node in root.findall("g:graph/g:node", space)}
    edges = root.findall("g:graph/g:edge", space)
    links = json.loads((tmp_path / "chain.json").read_text(encoding="utf-8"))
    places = json.loads((tmp_path / "chain.geojson").read_text(encoding="utf-8"))

    assert nodes == set(tiny.nodes["node"]) == {node["id"] for node in links["nodes"]}
    assert len(edges) == len(links["links"]) == tiny.edges.height
    assert all(edge.get("source") in nodes and edge.get("target") in nodes for edge in edges)
    assert {feature["geometry"]["type"] for feature in places["features"]} == {"Point"}
    assert {tuple(feature["geometry"]["coordinates"]) for feature in places["features"]} == {(120, 30), (114, 30)}
    assert {file.stem for file in tmp_path.glob("*.csv")} == set(CHAIN_TABLES)


def test_names_with_signs_of_markup_are_escaped(tmp_path):
    case = mask_case()
    named = case["enterprises"].with_columns(name=pl.lit('<A & "B">'))
    chain_of(case.replace(enterprises=named)).write(tmp_path)

    assert '<A & "B">' in "".join(ElementTree.parse(tmp_path / "chain.graphml").getroot().itertext())


def test_on_the_map_steps_go_left_to_right_and_no_two_marks_share_a_cell():
    chain = chain_of(mask_case({f"m{n}": 10 + n for n in range(30)}, {f"c{n}": 5 + n for n in range(12)}))
    layout = lay_out(chain)
    row = {node: number for number, node in enumerate(chain.nodes["node"])}
    order = [layout.x[row[node]] for node in ("item:resin", "item:cloth", "item:mask", "need:mask@east")]
    cells = np.column_stack([layout.x, layout.y])[(chain.nodes["kind"] != "item").to_numpy()]
    apart = np.abs(cells[:, None] - cells[None]).max(axis=2)[np.triu_indices(len(cells), 1)]

    assert all(left < right for left, right in pairwise(order))
    assert apart.min() >= 1 - 1e-9
    assert layout.x.min() >= 0
    assert layout.x.max() <= layout.width
