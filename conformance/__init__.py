"""The rules of foricheck, as properties: one file a chapter.

A property is a function of a subject (the target, called in one way) and a batch of cases. Its
docstring is the rule: the first paragraph is the sentence, the rest says why it matters.
"""
