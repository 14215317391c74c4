"""What keeps the code of a stage from the rest of the machine: entered by the supervisor's child before it starts the program.

    cage = Cage(policy)      checks that all of it is there; CageError says what is not
    cage.open()              makes the home, gives the stage what it may write
    cage.command(argv, ...)  the argv to start, which is the stage's own but for bubblewrap
    cage.enter(supervisor)   in the child, as its last act before exec
    cage.close()             when no process of the stage is left: takes everything back

A policy is the JSON of a `Cage` (src/ports/isolation.ts). Standard library only; Linux on x86_64 and aarch64.
"""
from cage.cage import Cage
from cage.kernel import CageError

__all__ = ["Cage", "CageError"]
