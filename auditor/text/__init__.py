"""Facts about text and language: what a sentence, a quotation and a headline are, and which language a text came from."""
