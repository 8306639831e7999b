"""Reports whose text is damaged: what the law of conservation and its benchmark draw from."""
