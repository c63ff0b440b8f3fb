"""The web application: pages, JSON, documents, and the launcher. It holds no decision."""
