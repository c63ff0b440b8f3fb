"""Rule packs on their way out of and into an installation: signed files that any county can check."""
