"""What a plan does, seen on a copy, and what that means on the target: its sizes, its load, who waits."""
