"""A small case in which every table has rows: masks and suits for two towns, from one maker and one port."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

FILES: dict[str, str] = {
    "case.toml": """\
title = "Two towns"
title_zh = "两座城镇"
start = 2020-01-24
horizon = "5x1"
scenario = "base"
frozen_days = 1
""",
    "items.csv": """\
item,name,name_zh,family,stage,unit,importance,weight,shelf_life_days,stay_days,volume_m3,mass_kg,unit_value,source
mask,Medical mask,医用口罩,masks,finished,piece,vital,1,,,0.0001,0.003,0.5,guess
cloth_mask,Cloth mask,布口罩,masks,finished,piece,desirable,1,,,0.0001,0.005,0.3,
suit,Suit,防护服,suits,finished,piece,vital,2,730,,0.002,0.25,60,
suit_raw,Suit before release,未灭菌防护服,suits,intermediate,piece,,,,,0.002,0.25,50,
cloth,Melt-blown cloth,熔喷布,cloth,raw,t,,,,,,1000,20000,
machine,Mask machine,口罩机,machines,equipment,unit,,,,,,,200000,
ventilator,Ventilator,呼吸机,ventilators,equipment,unit,vital,5,,14,,30,200000,
""",
    "places.csv": """\
place,name,kind,parent,lat,lon,population,risk
land,The land,area,,,,,
east,East,area,land,30.5,114.3,1000000,high
west,West,area,land,30.6,112.2,500000,low
port,The port,port,land,31.2,121.5,,
""",
    "enterprises.csv": """\
enterprise,name,place,industry,size,is_key,products
acme,Acme,east,textiles,large,true,masks;suits
nappies,Nappies Ltd,west,nappies,small,false,nappies
""",
    "lines.csv": """\
line,enterprise,place,kind,quantity
acme_masks,acme,east,mask_line,2
acme_suits,acme,east,suit_line,1
acme_chamber,acme,east,chamber,1
nappy,nappies,west,nappy_line,3
""",
    "availability.csv": """\
subject_kind,subject,from,to,share,blocker
line,acme_masks,2020-01-24,2020-01-26,0.5,staff
line,acme_masks,2020-01-27,,1,none
lane,*,,,0.9,transport
source,abroad,,2020-01-31,1,
""",
    "processes.csv": """\
process,item,kind,line_kind,rate_per_day,yield_rate,dwell_days,unit_cost,licence
make_masks,mask,make,mask_line,1000,0.98,,0.1,true
sew_suits,suit_raw,make,suit_line,100,,,5,
release_suits,suit,release,chamber,200,1,3,1,
""",
    "recipes.csv": """\
process,item,quantity,unit
make_masks,cloth,0.000001,t
release_suits,suit_raw,1,piece
""",
    "conversions.csv": """\
conversion,from_kind,to_kind,machine,machines_per_line,lead_days,ramp,cost,most,budget
nappies_to_masks,nappy_line,mask_line,machine,1,2,0.5;1,100000,,support
more_masks,,mask_line,,,3,,50000,2,support
""",
    "licences.csv": """\
enterprise,item,state,review_days,fast_review_days,reviewer_pool,review_effort
acme,mask,held,,,,
nappies,mask,none,60,3,reviewers,2
""",
    "stocks.csv": """\
place,item,owner,lot,quantity,unit,expires
east,mask,enterprise,A1,1000,piece,2020-06-30
east,mask,reserve,R1,5000,piece,
west,mask,facility,,200,,
east,cloth,enterprise,,3,t,
west,cloth_mask,,,10,,
east,machine,,,1,unit,
""",
    "floors.csv": """\
place,item,owner,from,to,quantity
east,mask,reserve,2020-01-24,2020-01-25,1000
east,mask,reserve,2020-01-26,,500
""",
    "events.csv": """\
event,name,name_zh,kind,chance,reach,reach_km,usual_share,source
fever,Fever,热病,epidemic,0.05,country,,,guess
flood,Flood,洪水,sudden,0.1,around,200,,guess
closed,Closed border,边境关闭,steady,0.02,country,,0.5,guess
""",
    "event_effects.csv": """\
event,effect,target,low,high,days_low,days_high,delay_days,ramp_days
fever,parameter,reproduction_number,1.5,3,,,,
fever,need,masks,1,2,,,,
flood,need,*,0.5,2,3,9,,
flood,loss,region:struck,0.2,0.8,3,10,1,2
closed,loss,source:*,1,1,5,5,,
""",
    "judgements.csv": """\
expert,event,weight,standing
panel,fever,0.3,
panel,flood,0.6,
panel,closed,0.1,
""",
    "rotations.csv": """\
item,place,usage_per_day,residual_days,every_days,source
mask,east,200,,,guess
suit,east,5,90,30,guess
""",
    "lanes.csv": """\
lane,origin,destination,mode,cargo,transit_days,capacity,capacity_unit,unit_cost,opening_cost,departures_per_day
east_west,east,west,road,,1,5000,kg,0.2,,
port_east,port,east,air,suits,0,2000,kg,3,5000,2
port_west,port,west,rail,,2,,m3,,,
""",
    "imports.csv": """\
source,item,port,quantity_per_day,from,to,lead_days,customs_days,express_days,express_pool,express_use,unit_cost
abroad,suit,port,500,2020-01-24,2020-01-31,3,2,0,clearance,1,80
machines,ventilator,port,5,,,2,2,,,,250000
""",
    "substitutes.csv": """\
item,substitute,quantity,tiers
mask,cloth_mask,2,essential;desirable
""",
    "needs.csv": """\
scenario,item,place,tier,date,quantity,unit,patience_days
base,mask,east,vital,2020-01-24,1500,piece,0
base,mask,east,vital,2020-01-25,1500,piece,0
base,mask,west,essential,2020-01-24,400.5,,2
base,suit,west,vital,2020-01-28,20,,
base,ventilator,west,vital,2020-01-28,2,unit,
dire,mask,east,vital,2020-01-24,15000,piece,0
""",
    "pools.csv": """\
pool,name,quantity,basis
support,Support budget,1000000,horizon
reviewers,Reviewer days,4,day
clearance,Express slots,100,day
""",
    "measures.csv": """\
measure,name,kind,target_kind,target,effect,amount,cost,lead_days,budget
buses,Buses for crews,staff,line,acme_masks,share,0.3,20000,1,support
lorries,More lorries,transport,lane,east_west,capacity,1000,5000,1,support
""",
    "guidelines.csv": """\
risk,setting,item,mode,units_per_person_day
high,isolation ward,mask,conventional,4
""",
    "people.csv": """\
scenario,place,setting,date,count
base,east,isolation ward,2020-01-24,300
""",
    "reports.csv": """\
reporter,item,measure,basis,date,quantity,unit,received_at
acme,mask,output,day,2020-01-23,1900,piece,2020-01-24
""",
    "targets.csv": """\
place,item,date,quantity
east,mask,2020-01-28,100
""",
    "options.csv": """\
option,form,item,place,line,conversion,offer,site,most,is_whole,cost_a_year,cost_to_use,lead_days,rotation_days
depot,site,,east,,,,,1,true,50000,,,
store,store,suit,east,,,,depot,5000,,12,,,
users,rotated,suit,west,,,,,800,,4,,,365
nappy_pair,pair,,,nappy,nappies_to_masks,,,2,true,8000,100000,2,
more_abroad,contract,,,,,abroad,,200,,30,,1,
""",
    "futures.csv": """\
future,weight,name,name_zh
base,0.9,As now,现状
dire,0.1,Much worse,恶化
""",
    "future_losses.csv": """\
future,kind,name,share,first_day,days,ramp
dire,enterprise,acme,0.5,0,3,1
""",
}
"""The files of the case by name; it has no finding."""

DERIVED: dict[str, str | None] = {
    "needs.csv": None,
    "people.csv": None,
    "futures.csv": None,
    "future_losses.csv": None,
    "case.toml": FILES["case.toml"] + 'course = "renewal"\n',
    "epidemic.csv": """\
place,date,known_on,confirmed,recovered,hospital,icu
east,2020-01-20,,10,0,5,
east,2020-01-21,,20,1,9,
east,2020-01-21,2020-01-23,22,1,9,
east,2020-01-22,,40,2,15,
west,2020-01-23,,1,0,,
west,2020-01-24,,2,0,,1
""",
    "capacities.csv": """\
place,capacity,quantity
east,health_workers,900
west,health_workers,300
""",
    "profiles.csv": """\
profile,place,from,factor
work,,2020-01-20,0.5
work,,2020-01-27,1
""",
    "settings.csv": """\
setting,driver,people_per_unit,profile,cap,cap_share,tier
isolation ward,severe,2,,health_workers,0.5,vital
isolation ward,icu,1,,,,vital
clinic,health_workers,0.2,,,,essential
public,population,0.1,work,,,desirable
""",
    "guidelines.csv": """\
risk,setting,item,mode,units_per_person_day,basis,waste,tier
high,isolation ward,mask,conventional,4,,,
high,isolation ward,mask,contingency,2,,,
high,isolation ward,suit,conventional,1,,0.1,
high,clinic,mask,conventional,2,,,
high,public,mask,conventional,1,,,
low,isolation ward,mask,conventional,4,,,
low,clinic,mask,conventional,2,,,
low,public,cloth_mask,conventional,1,,,
""",
}
"""What to change in the small case so that its needs are derived; it has no finding."""


def derived(file: str, old: str = "", new: str = "") -> dict[str, str | None]:
    """The small case with derived needs, and ``new`` for the first ``old`` in one of its files."""
    text = DERIVED.get(file) or FILES[file]
    assert old in text, f"{old} is not in {file}"
    return {**DERIVED, file: text.replace(old, new, 1)}


def write_files(folder: Path, changes: Mapping[str, str | bytes | None] | None = None) -> Path:
    """Write the small case with some files changed; None leaves a file out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {**FILES, **(changes or {})}.items():
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        elif content is not None:
            (folder / name).write_text(content, encoding="utf-8", newline="")
    return folder


def edit(file: str, old: str, new: str) -> dict[str, str]:
    """The change that puts ``new`` for the first ``old`` in one file."""
    assert old in FILES[file], f"{old} is not in {file}"
    return {file: FILES[file].replace(old, new, 1)}


def append(file: str, row: str) -> dict[str, str]:
    """The change that adds a row at the end of one file."""
    return {file: FILES[file] + row + "\n"}
