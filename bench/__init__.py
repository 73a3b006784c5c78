"""`make bench`: what Parapet does in a second, and how soon a threat reaches a person; outside the distribution."""
