"""Bring user names and e-mail addresses of earlier releases into their normal form.

A sign-in looks for the normal form only. If another user has it already, the migration stops with
the name, because only the operator can decide who keeps it.
"""

import unicodedata
from contextlib import suppress

import idna
from django.db import migrations


def normalize(text):
    return unicodedata.normalize("NFKC", text.strip())


def normalize_email(email):
    local, at, domain = normalize(email).lower().rpartition("@")
    with suppress(idna.IDNAError):
        domain = idna.encode(domain, uts46=True).decode()
    return f"{local}{at}{domain}"


def normalize_users(apps, schema_editor):
    users = apps.get_model("accounts", "User").objects
    addresses = apps.get_model("account", "EmailAddress").objects
    for user in users.only("username", "email").iterator():
        username, email = normalize(user.username), normalize_email(user.email)
        if (username, email) != (user.username, user.email):
            addresses.filter(user_id=user.pk, email=user.email.lower()).update(email=email)
            users.filter(pk=user.pk).update(username=username, email=email)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_user_names_unique"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(normalize_users, migrations.RunPython.noop)]
