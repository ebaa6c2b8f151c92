"""Every address of the platform, and what it answers to an outsider, to a reader, and to the wrong method.

The outsider reports for a maker in West; the things asked for lie in East or belong to the country. The reader of
the country sees all and writes nothing. A new address without a line here fails the test.
"""

from __future__ import annotations

import pytest
from django.urls import URLPattern, get_resolver, reverse

TABLE = """
address                           arguments                method  outsider  reader
dashboards:situation              -                        get     200       200
dashboards:part_data              pk=run                   get     404       200
operations:health                 -                        get     200       200
operations:ready                  -                        get     200       200
set_language                      -                        post    302       302

profile                           -                        get     200       200
tokens                            -                        get     200       200
end_token                         pk=token                 post    404       404
end_session                       pk=session               post    404       404
usersessions_list                 -                        get     200       200
account_login                     -                        get     302       302
account_logout                    -                        get     200       200
account_inactive                  -                        get     200       200
account_reauthenticate            -                        get     200       200
account_change_password           -                        get     200       200
account_reset_password_from_key_done  -                    get     200       200
account_reset_password_from_key   uidb36=1,key=wrong       get     200       200
account_signup                    -                        get     200       200
account_reset_password            -                        get     200       200
mfa_index                         -                        get     200       200
mfa_authenticate                  -                        get     302       302
mfa_reauthenticate                -                        get     302       302
mfa_activate_totp                 -                        get     302       302
mfa_deactivate_totp               -                        get     404       404
mfa_view_recovery_codes           -                        get     404       404
mfa_generate_recovery_codes       -                        get     302       302
mfa_download_recovery_codes       -                        get     404       404

accounts:organisations            -                        get     403       200
accounts:organisation             pk=east                  get     404       200
accounts:add                      pk=east                  get     404       403
accounts:change                   pk=east                  get     404       403
accounts:move                     pk=east                  post    404       403
accounts:close                    pk=east                  post    404       403
accounts:add_person               pk=east                  get     404       403
accounts:people                   -                        get     403       200
accounts:person                   pk=person                get     404       200
accounts:give                     pk=person                post    404       403
accounts:take                     pk=person,membership=membership  post  404  403
accounts:close_person             pk=person                post    404       403
accounts:link                     pk=person                post    404       403
accounts:second_factor            pk=person                post    404       403
accounts:roles                    -                        get     403       200
accounts:add_role                 -                        get     403       403
accounts:role                     pk=role                  get     403       403

audit:rows                        -                        get     403       403
audit:row                         pk=audit                 get     404       404
audit:verify                      -                        post    403       403

jobs:job                          pk=nothing               get     403       403
jobs:progress                     pk=nothing               get     403       403
jobs:cancel                       pk=nothing               post    403       403

registry:home                     -                        get     200       200
registry:key                      -                        get     200       200
registry:check                    -                        get     200       200
registry:export                   -                        get     403       403
registry:case                     -                        get     200       200
registry:duplicates               -                        get     403       403
registry:search_duplicates        -                        post    403       403
registry:answer_duplicate         pk=nothing               post    403       403
registry:undo_merge               pk=nothing               post    403       403
registry:table                    table=lines              get     200       200
registry:new                      table=lines              get     403       403
registry:upload                   table=lines              get     403       403
registry:row                      table=lines,pk=line      get     404       200
registry:edit                     table=lines,pk=line      get     404       403
registry:remove                   table=lines,pk=line      post    404       403
registry:restore                  table=lines,pk=line      post    404       403
registry:mark                     table=enterprises,pk=line  post    404       404

reporting:home                    -                        get     302       200
reporting:form                    code=maker               get     404       403
reporting:received                code=maker               get     404       200
reporting:figures                 code=maker               get     404       200
reporting:series                  code=maker               get     404       200
reporting:upload                  code=maker               get     404       403
reporting:template                code=maker,questionnaire=makers  get  404  403
reporting:submission              pk=submission            get     404       200
reporting:refused_csv             pk=submission            get     404       200
reporting:refused_xlsx            pk=submission            get     404       200
reporting:figure                  pk=report                get     404       200
reporting:coverage                -                        get     200       200
reporting:findings                -                        get     200       200
reporting:finding                 pk=finding               get     404       200
reporting:acknowledge             pk=finding               post    404       404
reporting:capacity                -                        get     200       200
reporting:questionnaires          -                        get     403       403
reporting:questionnaire           pk=questionnaire         get     404       404
reporting:change_questionnaire    pk=questionnaire         post    404       404
reporting:add_line                pk=questionnaire         post    404       404
reporting:publish                 pk=questionnaire         post    404       404
reporting:withdraw                pk=questionnaire         post    404       404
reporting:new_version             pk=questionnaire         post    404       404
reporting:remove_line             pk=questionnaire_line    post    404       404

planning:runs                     -                        get     403       200
planning:start                    -                        get     403       403
planning:compare                  -                        get     403       302
planning:own                      -                        get     200       403
planning:cases                    -                        get     403       403
planning:export_case              format=csv               get     403       403
planning:scenarios                -                        get     403       200
planning:scenario                 pk=scenario              get     404       200
planning:run_scenario             pk=scenario              post    404       403
planning:add_change               pk=scenario,kind=maker   post    404       403
planning:remove_change            pk=scenario,number=0     post    404       403
planning:run                      pk=run                   get     404       200
planning:progress                 pk=run                   get     404       200
planning:cancel                   pk=run                   post    404       403
planning:decide                   pk=run                   post    404       403
planning:what_if                  pk=run                   post    404       403
planning:shortages                pk=run                   get     404       200
planning:table                    pk=run,name=shipments    get     404       200
planning:report                   pk=run                   get     404       200
planning:download                 pk=run,name=plan.json    get     404       200
planning:why                      pk=run                   get     404       404
planning:chain                    pk=run                   get     404       200
planning:chain_data               pk=run                   get     404       200
planning:stress                   pk=run                   get     404       200
planning:stress_data              pk=run                   get     404       200
planning:start_stress             pk=run                   post    404       403

preparing:home                    -                        get     403       200
preparing:start                   -                        get     403       403
preparing:compare                 -                        get     403       302
preparing:calendar                -                        get     403       200
preparing:ics                     -                        get     403       200
preparing:mark                    pk=task                  post    404       403
preparing:design                  pk=design                get     404       200
preparing:design_data             pk=design                get     404       200
preparing:decide                  pk=design                post    404       403
preparing:table                   pk=design,name=designs   get     404       200
preparing:download                pk=design,name=prepare.html  get  404      200
preparing:preparation             pk=preparation           get     404       200
preparing:data                    pk=preparation           get     404       200
preparing:progress                pk=preparation           get     404       200
preparing:cancel                  pk=preparation           post    404       403

replaying:replays                 -                        get     403       200
replaying:start                   -                        get     403       403
replaying:compare                 -                        get     403       302
replaying:replay                  pk=replay                get     404       200
replaying:progress                pk=replay                get     404       200
replaying:cancel                  pk=replay                post    404       403
replaying:replay_data             pk=replay                get     404       200
replaying:replay_table            pk=replay,name=policies  get     404       200
replaying:download                pk=replay,name=replay.html  get  404      200
replaying:exercises               -                        get     403       200
replaying:start_exercise          -                        get     403       403
replaying:exercise                pk=exercise              get     404       200
replaying:decide                  pk=exercise              post    404       403
replaying:plan                    pk=exercise              post    404       403
replaying:undo                    pk=decided               post    404       403
replaying:end                     pk=exercise              post    404       403
replaying:exercise_data           pk=ended              get     404       200
replaying:exercise_table          pk=ended,name=policies  get   404       200

ledger:home                       -                        get      200       200
ledger:account                    pk=account               get      404       200
ledger:open                       -                        post     302       403
ledger:new                        kind=receive             get      200       403
ledger:movements                  -                        get      200       200
ledger:movement                   pk=movement              get      404       200
ledger:follow                     pk=movement,follow=reverse post   404       302
ledger:follow                     pk=shipment,follow=arrive post    404       302
ledger:follow                     pk=reservation,follow=post post   404       302
ledger:waiting                    -                        get      200       200
ledger:lots                       -                        get      403       403
ledger:lot                        pk=lot                   get      403       403
ledger:recall                     pk=lot                   post     403       403

directives:home                   -                        get      302       302
directives:today                  -                        get      200       403
directives:accept_all             code=maker               post     404       404
directives:board                  -                        get      403       200
directives:issue                  pk=country               post     404       404
directives:plan_anew              pk=country               post     404       404
directives:rules                  pk=country               get      404       404
directives:outlets                code=maker               get      404       403
directives:end_outlet             pk=outlet                post     404       403
directives:directive              pk=directive             get      404       200
directives:step                   pk=directive,name=accept post     404       403
directives:confirm                pk=directive,way=book    post     404       403

supervision:home                  -                        get      302       302
supervision:agenda                -                        get      403       200
supervision:organisations         -                        get      403       200
supervision:mentions              -                        get      403       200
supervision:step                  pk=warning,name=withdraw post     404       403
supervision:organisation          code=maker               get      404       200
supervision:mention               code=maker               post     404       403

services:home                     -                        get      200       200

licensing:applications            -                        get      200       200
licensing:new                     -                        get      200       403
licensing:requirements            -                        get      200       200
licensing:application             pk=application           get      404       200
licensing:step                    pk=application,name=submit post   404       403
licensing:attach                  pk=application           post     404       403
licensing:document                pk=application,number=label get   404       200

customs:consignments              -                        get      200       200
customs:new                       -                        get      200       403
customs:measured                  -                        get      200       200
customs:consignment               pk=consignment           get      404       200
customs:step                      pk=consignment,name=declare post  404       403
customs:attach                    pk=consignment           post     404       403
customs:document                  pk=consignment,number=paper get   404       200

support:requests                  -                        get      200       200
support:new                       -                        get      200       403
support:request                   pk=request               get      404       200
support:step                      pk=request,name=assess   post     404       403
support:arrears                   -                        get      200       200
support:new_arrear                -                        get      200       403
support:arrear                    pk=arrear                get      404       200
support:arrear_step               pk=arrear,name=confirm   post     404       403
"""

LINES = [line.split() for line in TABLE.strip().splitlines()[1:] if line]
ELSEWHERE = {"operations:metrics"}
"""Tested where they are made: metrics have a key of their own; calls of the interface are in ``test_api_calls``."""
OPEN = ("/account/", "/language/", "/healthz", "/readyz")


def names(resolver=None, prefix: str = "") -> list[str]:
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            found.append(f"{prefix}{pattern.name}")
        else:
            found += names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
    return found


def test_every_address_has_its_line():
    told = {line[0] for line in LINES} | ELSEWHERE
    assert {name for name in names() if not name.startswith("api-v1:")} == told


def address(name: str, arguments: str, things: dict[str, int]) -> str:
    said = dict(part.split("=") for part in arguments.split(",")) if arguments != "-" else {}
    return reverse(name, kwargs={key: things.get(value, value) for key, value in said.items()})


@pytest.mark.parametrize(("who", "column"), [("outsider", 3), ("reader", 4)])
def test_each_address_answers_outsider_and_reader_as_the_table_says(client, cast, things, who, column):
    wrong = []
    for line in LINES:
        client.force_login(getattr(cast, who))
        answer = getattr(client, line[2])(address(line[0], line[1], things))
        for close in answer._resource_closers:  # the whole answer's close would end the test's transaction
            close()
        if answer.status_code != int(line[column]):
            wrong.append(f"{line[0]} {line[1]}: {answer.status_code}")
    assert "\n".join(wrong) == ""


def test_a_stranger_is_sent_to_sign_in_from_everywhere_but_the_open_addresses(client, things):
    for line in LINES:
        url = address(line[0], line[1], things)
        if url.startswith(OPEN):
            continue
        answer = getattr(client, line[2])(url)
        assert answer.status_code == 302, line[0]
        assert answer["Location"].startswith("/account/login/"), line[0]


def test_what_changes_something_refuses_to_be_only_read(client, cast, things):
    client.force_login(cast.administrator)
    for line in LINES:
        if line[2] == "post":
            assert client.get(address(line[0], line[1], things)).status_code in (404, 405), line[0]
