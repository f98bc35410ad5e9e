"""What each partnership of an invented nation assures itself of; ``making`` puts all of a partnership together."""
