"""Twenty minutes of mixed use: does the server take more at the end than after two?

    python tests/bench/soak.py [--minutes 20] [--sessions 12]

Visitors come, do what `load.py` does for a minute or so, leave, and others come; one after the
other of them trains for an epoch. Measured after two minutes and at the end, both times with the
same number of visitors in the app, and while no run trains.
"""

import argparse
import asyncio
import random
import secrets
import tempfile
from dataclasses import fields
from pathlib import Path

from load import Record, Usage, all_runs, no_training, see_everything, served, train, visit
from session import LostError, Session

STAY_S = (30.0, 90.0)  # how long a visitor stays
WARM_UP_S = 120.0  # the first measurement comes after that
TOLERANCE = 1.15


async def come_and_go(address: str, record: Record, seconds: float, seed: int) -> None:
    """One visitor after another."""
    rng = random.Random(seed)
    end = asyncio.get_running_loop().time() + seconds
    while (left := end - asyncio.get_running_loop().time()) > 0:
        session = Session(address, secrets.token_hex(16))
        try:
            await session.open()
            await visit(session, record, min(rng.uniform(*STAY_S), left), rng.randrange(10**6))
        except LostError as error:
            record.errors.append(str(error))
        record.errors += session.errors
        await session.close()


async def train_in_turn(
    address: str, record: Record, seconds: float, training: asyncio.Lock
) -> None:
    """Visitors who each train for an epoch, and leave when it is over."""
    end = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < end:
        async with training:
            session = Session(address, secrets.token_hex(16))
            await session.open()
            await train(session, 1)
            await no_training()
            record.errors += session.errors
            await session.close()


async def usage(pid: int, training: asyncio.Lock) -> Usage:
    """What the server takes, as soon as no run trains."""
    async with training:
        return Usage.of(pid)


async def measure(address: str, pid: int, seconds: float, sessions: int) -> tuple[Usage, Usage]:
    record = Record()
    training = asyncio.Lock()
    await see_everything(address)
    seats = asyncio.gather(
        train_in_turn(address, record, seconds, training),
        *(come_and_go(address, record, seconds, seed) for seed in range(sessions)),
    )
    await asyncio.sleep(WARM_UP_S)
    before = await usage(pid, training)
    await asyncio.sleep(seconds - WARM_UP_S - 30)
    after = await usage(pid, training)
    await seats
    for run in all_runs():
        if run.status.state != "finished":
            record.errors.append(f"a training is {run.status.state}: {run.status.message}")
    count = sum(map(len, record.times.values()))
    print(f"{count} interactions, {len(all_runs())} trainings,", end=" ")
    print(f"{record.lost} sessions lost, {len(record.errors)} errors")
    for error in sorted(set(record.errors)):
        print(f"  {record.errors.count(error)} x {error}")
    return before, after


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--sessions", type=int, default=12)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as (address, pid),
    ):
        before, after = asyncio.run(measure(address, pid, 60 * options.minutes, options.sessions))
    for name in (field.name for field in fields(Usage) if field.name != "cpu"):
        first, last = getattr(before, name), getattr(after, name)
        verdict = "" if last <= TOLERANCE * first else f"  more than {TOLERANCE - 1:.0%} above"
        print(f"{name}: {first:.0f} after two minutes, {last:.0f} at the end{verdict}")


if __name__ == "__main__":
    main()
