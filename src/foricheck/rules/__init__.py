"""Rules: the specification as data, with the property that checks each sentence."""
