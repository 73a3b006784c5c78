"""Reading an event: names put as tokens, sentences and quotations told apart, and who is meant. Pure; used by
detectors.
"""
