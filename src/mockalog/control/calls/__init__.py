"""The ground of the control plane: a call, its parts, its route, its guard and its errors."""
