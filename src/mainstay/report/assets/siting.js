// A choice of sites: which are open and how busy they are, how far regions serve themselves, from where to whom.

function viewSited() {
  const all = records("opened");
  const busy = all.filter(({ is_open, utilisation }) => is_open && utilisation != null).sort((a, b) => b.utilisation - a.utilisation);
  showChart("sited", busy.length === 0 ? { summary: t("sited_no_limit") } : {
    summary: t("sited_open_sum", { site: named("place", busy[0].site), share: share(busy[0].utilisation) }),
    option: namedBars(busy.map(({ site }) => named("place", site)), busy.map(({ utilisation }) => ({ value: utilisation, itemStyle: { color: ACCENT } })), share),
    height: gridHeight(busy.length), columns: [col.text("si_site"), col.share("si_use")], rows: busy.map(({ site, utilisation }) => [named("place", site), utilisation]),
  });
  showTable(put("sited_table"), [col.text("si_site"), col.text("si_open"), col.num("si_fixed"), col.num("si_given"), col.share("si_use"), col.num("si_customers"), col.num("si_pooled"), col.num("si_separate")],
    all.map((row) => [named("place", row.site), row.is_open ? "✓" : "", row.fixed_cost, row.given, row.utilisation, row.num_customers, row.pooled_stock, row.separate_stock]),
    { name: "opened", caption: t("sited") });
}

function viewServed() {
  const regions = records("regions_served").sort((a, b) => a.own_share - b.own_share);
  showChart("served", regions.length === 0 ? { summary: t("served_none") } : {
    summary: t("served_sum", { region: regions[0].region, share: share(regions[0].own_share) }),
    option: namedBars(regions.map(({ region }) => region), regions.map(({ own_share, wanted_share }) => ({ value: own_share, itemStyle: { color: own_share < wanted_share - 1e-9 ? SHORT : ACCENT } })), share),
    height: gridHeight(regions.length), columns: [col.text("si_region"), col.num("si_need"), col.num("si_own"), col.share("si_share"), col.share("si_wanted")],
    rows: regions.map((row) => [row.region, row.need, row.own, row.own_share, row.wanted_share]),
  });
  const failure = (code) => (code === "none" ? t("si_nothing") : code);
  showTable(put("deliveries"), [col.text("si_fails"), col.text("si_from"), col.text("si_to"), col.num("si_quantity"), col.num("si_cost"), col.num("si_km")],
    records("deliveries").map((row) => [failure(row.failure), named("place", row.origin), named("place", row.destination), row.quantity, row.cost, row.distance_km]),
    { name: "deliveries", filter: true, caption: t("served_deliveries") });
  showTable(put("short"), [col.text("si_fails"), col.text("si_customer"), col.num("si_quantity")],
    records("short").map((row) => [failure(row.failure), named("place", row.customer), row.quantity]),
    { name: "short", caption: t("served_short"), none: t("served_short_none") });
}

if (DATA.siting) VIEWS.push([viewSited, [], "sited"], [viewServed, [], "served"]);
