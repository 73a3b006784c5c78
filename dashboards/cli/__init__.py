"""The command line: the composition root, and a command for everything an engineer wants at 3 a.m."""
