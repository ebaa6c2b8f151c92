from django.db import migrations

from mainstay_web.ledger import triggers


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_ledger")]

    operations = [
        migrations.RunPython(
            lambda _apps, editor: triggers.create(editor.connection),
            lambda _apps, editor: triggers.drop(editor.connection),
        )
    ]
