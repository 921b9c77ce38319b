"""Tests of the oracle; a package so that they share the simulated arithmetic."""
