"""What a match must survive to be a finding."""
