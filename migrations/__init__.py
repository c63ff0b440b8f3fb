"""Numbered migrations: one head, each tested up, down and up again."""
