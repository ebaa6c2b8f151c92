"""The compose file and the container, as far as they can be read without running them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "deploy" / "compose.yaml").read_text("utf-8")
CONTAINER = (ROOT / "deploy" / "Containerfile").read_text("utf-8")
SETTINGS = "\n".join(path.read_text("utf-8") for path in (ROOT / "src/mainstay_web").rglob("*.py"))
MANUAL = (ROOT / "docs" / "production.md").read_text("utf-8")
FIELDS = {
    "build", "command", "depends_on", "environment", "healthcheck", "image", "ports", "restart", "stop_grace_period",
    "volumes",
}  # fmt: skip


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load(TEXT)


def test_services_have_known_fields_and_depend_on_services_that_there_are(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name, service in services.items():
        assert set(service) <= FIELDS, name
        assert set(service.get("depends_on", ())) <= set(services), name
        for volume in service.get("volumes", ()):
            assert volume.partition(":")[0] in compose["volumes"], name


def test_a_service_that_is_waited_for_in_health_says_when_it_is_healthy(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        waits = service.get("depends_on", {})
        for other, how in waits.items() if isinstance(waits, dict) else ():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in compose["services"][other]


def test_every_value_to_be_given_is_in_the_manual() -> None:
    for name in set(re.findall(r"\$\{(\w+)", TEXT)):
        assert name in MANUAL, name


def test_every_setting_is_one_that_the_platform_reads(compose: dict[str, Any]) -> None:
    given = set(compose["x-platform"]["environment"]) | set(re.findall(r"\b(MAINSTAY_\w+)=", CONTAINER))
    for name in given:
        assert f'"{name}"' in SETTINGS, name


def test_every_command_of_the_platform_is_one(compose: dict[str, Any]) -> None:
    commands = {path.stem for path in (ROOT / "src/mainstay_web").glob("*/management/commands/*.py")}
    for service in compose["services"].values():
        words = str(service.get("command", "")).split()
        if words[:1] == ["mainstay-platform"]:
            assert words[1] in commands


def test_health_is_asked_under_a_host_that_is_answered(compose: dict[str, Any]) -> None:
    probe = " ".join(compose["services"]["pages"]["healthcheck"]["test"])
    host = urlsplit(re.search(r"http://[^']+", probe)[0]).hostname
    assert host in compose["x-platform"]["environment"]["MAINSTAY_HOSTS"].split(",")


def test_the_folder_of_data_belongs_to_who_writes_there(compose: dict[str, Any]) -> None:
    folder = compose["x-platform"]["volumes"][0].partition(":")[2]
    assert f"MAINSTAY_DATA={folder}" in CONTAINER
    assert re.search(r"USER mainstay\nRUN mkdir data\n", CONTAINER), "made as root it could not be written to"
