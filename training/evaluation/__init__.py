"""Asked before, straight after and some weeks later."""
