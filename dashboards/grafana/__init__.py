"""Grafana for the services runtime: one dashboard as code, its data sources, what they send, how both are published."""
