"""Files of copy: found, decoded and read into Documents with an exact map back."""
