"""Settings of every test: how long an example takes depends on the machine, and says nothing."""

from hypothesis import HealthCheck, settings

settings.register_profile("zellige", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("zellige")
