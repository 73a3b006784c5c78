"""Classifiers: what hears tone where rules find words. Beside the screening step; their scores are signals, never a
verdict.
"""
