"""Labelled data into figures: how often each rule fires on machine output, human translations and native English."""
