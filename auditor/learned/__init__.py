"""The learned eye: a tagger of spans that reads what the language model's one pass says of each word."""
