"""One line of the table of states."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class State:
    """One page in one state."""

    rule: str
    name: str
    address: str = ""
    who: str = ""
    status: int = 200
    city: str = "full"
    to: str = ""
    sends: dict[str, str] = field(default_factory=dict)
    faulty: bool = False

    def __str__(self) -> str:
        return f"{self.rule} {self.name}"
