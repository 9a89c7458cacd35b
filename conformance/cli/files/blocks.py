"""Block types that are registered from a file."""

from typing import Optional

from prefect.blocks.core import Block
from pydantic import SecretStr


class Inner(Block):
    """An inner block. With two sentences."""

    _block_type_slug = "cli-inner"
    word: str = "inside"


class Outer(Block):
    """An outer block."""

    _block_type_slug = "cli-outer"
    inner: Optional[Inner] = None
    password: Optional[SecretStr] = None
    numbers: list = [1, 2.5]
