"""The wire models of the control plane, one module per resource."""
