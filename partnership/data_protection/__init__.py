"""What is held about people: the map of it, how long it is kept, copies of it, and how somebody is forgotten."""
