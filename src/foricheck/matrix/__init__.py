"""Many reports on one page: targets by rules."""
