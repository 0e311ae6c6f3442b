"""Small edits of a sentence that the language model weighs: what a slip of grammar would read like without it."""
