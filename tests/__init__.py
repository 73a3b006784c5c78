"""Tests mirror the packages; contracts/ runs one suite against both runtimes and both stores."""
