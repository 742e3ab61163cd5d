"""The attributes by which a program tells its parameters from other constants."""

from __future__ import annotations

PARAMETER = "hal.parameter"
"""Attribute of a constant: the name that it has in the model, and outside the module if it leaves it."""

PARAMETERS = "hal.parameters"
"""Attribute of a module: the element type, as a text, of each constant that has left it, by name. In the module,
`dense_resource` stands for its bytes."""
