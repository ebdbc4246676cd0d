"""The inputs of a run: strings from a workflow or a command line -> Inputs, or errors. Pure."""

from release_assets.inputs.addresses import is_api_address
from release_assets.inputs.contract import DEFAULTS, INPUTS, Input
from release_assets.inputs.errors import (
    ContradictionError,
    InputError,
    InputFileError,
    VariableError,
)
from release_assets.inputs.parse import (
    Access,
    IfReleaseExists,
    Inputs,
    MakeLatest,
    OnNoFiles,
    Overwrite,
    Publish,
    ReleaseRef,
    Verify,
    parse_inputs,
    parse_target,
)
from release_assets.inputs.paths import (
    Mounts,
    find_mounts,
    in_container,
    is_outside_container,
    with_slashes,
)
from release_assets.inputs.reader import Job
from release_assets.inputs.unknown_inputs import REPLACEMENTS

__all__ = [
    "DEFAULTS",
    "INPUTS",
    "REPLACEMENTS",
    "Access",
    "ContradictionError",
    "IfReleaseExists",
    "Input",
    "InputError",
    "InputFileError",
    "Inputs",
    "Job",
    "MakeLatest",
    "Mounts",
    "OnNoFiles",
    "Overwrite",
    "Publish",
    "ReleaseRef",
    "VariableError",
    "Verify",
    "find_mounts",
    "in_container",
    "is_api_address",
    "is_outside_container",
    "parse_inputs",
    "parse_target",
    "with_slashes",
]
