from django.db import migrations

from mainstay_web.audit import triggers


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda _apps, editor: triggers.create(editor.connection),
            lambda _apps, editor: triggers.drop(editor.connection),
        )
    ]
