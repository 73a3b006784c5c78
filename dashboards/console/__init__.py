"""The web console: server-rendered, for officers."""
