"""Directives are confirmed by lot: the place of their goods, and the movements that carried them out."""

import django.db.models.deletion
from django.db import migrations, models


def say_places(apps, _editor):
    """Directives that are there say their places as new ones do; what a maker makes is reported as a number."""
    Directive = apps.get_model("directives", "Directive")
    moving = Directive.objects.filter(kind__in=("release", "ship", "arrive")).select_related("addressee")
    for directive in moving.iterator():
        directive.place = directive.addressee.place
        directive.other = directive.key.partition("@")[2].rpartition("/")[0]
        directive.save(update_fields=["place", "other"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_calls_of_tokens'),
        ('directives', '0002_roles'),
        ('ledger', '0003_rights'),
    ]

    operations = [
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.AddField(
            model_name='directive',
            name='other',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='directive',
            name='place',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddIndex(
            model_name='directive',
            index=models.Index(fields=['item', 'place', 'other'], name='directives_of_a_way'),
        ),
        migrations.AddField(
            model_name='confirmation',
            name='directive',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='directives.directive'),
        ),
        migrations.AddField(
            model_name='confirmation',
            name='movement',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='confirms', to='ledger.movement'),
        ),
        migrations.RunPython(say_places, migrations.RunPython.noop),
    ]
