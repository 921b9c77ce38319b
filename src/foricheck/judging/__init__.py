"""Judging one rule on one target: run its cases, check the property, shrink what breaks it."""
