"""Accounts of officers: signing in, sessions, passwords, second factors, roles, and the audit log's page."""
