"""The cause of a failure in words: hypotheses that are tried, with the oracle, on what was seen."""
