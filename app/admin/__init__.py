"""Pages around the work: signing in, one's own account, administering accounts, audit log, health."""
