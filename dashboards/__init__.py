"""Where people look: Grafana dashboards as code, the web console, and the command line."""
