"""Tests of the oracle, which share a simulated arithmetic."""
