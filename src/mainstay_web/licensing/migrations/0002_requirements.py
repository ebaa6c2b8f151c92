"""What applications need to begin with; whoever decides on licences for all may change it."""

from django.db import migrations

ALL = ["business_licence", "product_requirements", "test_report", "quality_system", "label"]
FIRST = {
    "": (ALL, ["papers", "site", "sample"]),
    "protective equipment": ([*ALL, "risk_analysis"], ["papers", "site", "sample"]),
    "disinfection": ([*ALL, "risk_analysis"], ["papers", "sample"]),
    "diagnostics": ([*ALL, "risk_analysis", "clinical"], ["papers", "site", "sample"]),
    "respiratory support": ([*ALL, "risk_analysis", "electrical_safety"], ["papers", "site", "sample"]),
}


def add(apps, _editor):
    requirement = apps.get_model("licensing", "Requirement")
    for item_class, (documents, checks) in FIRST.items():
        requirement.objects.get_or_create(item_class=item_class, defaults={"documents": documents, "checks": checks})


class Migration(migrations.Migration):
    dependencies = [("licensing", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
