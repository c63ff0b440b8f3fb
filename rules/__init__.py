"""The rule language, its evaluators and its packs. Knows no case, no database, no web, no wall clock."""
