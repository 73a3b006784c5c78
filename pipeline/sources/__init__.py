"""Ways in: file, webhook, and an officer's own record. They write observations and never judge."""
