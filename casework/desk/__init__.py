"""One function per use case. Each takes a UnitOfWork; none commits, none reads a clock."""
