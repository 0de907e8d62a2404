"""The service's password hashing, cheap: what it costs is no subject of nearly all tests."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2 at the least that it accepts, instead of 100 MB for each of some thousand users."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
