"""The Grafana dashboard as code, and its publisher."""
