"""How the sample's assignments stand: mostly well, some not, and every rating once in a year that is over."""

from collections.abc import Container, Sequence

from ministries.enums import Disclosure, Rating
from ministries.models import Assignment
from ministries.sample.dice import Dice

#: How often a body gives itself each rating.
SHARES = {
    Rating.ON_TRACK: 46.0,
    Rating.CONTINUING: 28.0,
    Rating.ATTENTION: 14.0,
    Rating.COMPLETED: 3.0,
    Rating.RETHINK: 3.0,
    Rating.NOT_STARTED: 3.0,
    Rating.NOT_APPLICABLE: 3.0,
}
#: From best to worst, where the coordinator sees it a little differently.
LADDER = (Rating.COMPLETED, Rating.CONTINUING, Rating.ON_TRACK, Rating.ATTENTION, Rating.RETHINK)
DIFFERS = 0.12
LOWER = 0.7

#: One in so many submissions is not fully open; the first of each year are, whatever their number.
PARTLY_EVERY = 30
RESTRICTED_EVERY = 60


def self_ratings(
    assignments: Sequence[Assignment], dice: Dice, *, ended: Container[int], may_end: bool
) -> dict[int, Rating]:
    """Each assignment's self-rating of a year.

    What was completed in an earlier year (``ended``) is not applicable any more; ``may_end`` says whether anything may
    be completed in this one.
    """
    shares = {rating: share for rating, share in SHARES.items() if may_end or rating is not Rating.COMPLETED}
    # The rare ones first, so that each is there even where a plan has few assignments.
    certain = sorted(shares, key=lambda rating: shares[rating])
    ratings = {row.pk: Rating.NOT_APPLICABLE for row in assignments if row.pk in ended}
    for row in dice.shuffled("ratings", [row for row in assignments if row.pk not in ended]):
        ratings[row.pk] = certain.pop(0) if certain else dice.about(str(row)).weighted("rating", shares)
    return ratings


def coordinator_rating(own: Rating, dice: Dice) -> Rating:
    """The coordinator's rating of a submission that its body rated ``own``."""
    if own not in LADDER or not dice.chance("differs", DIFFERS):
        return own
    step = 1 if dice.chance("lower", LOWER) else -1
    place = LADDER.index(own) + step
    return LADDER[place] if 0 < place < len(LADDER) else own


def disclosures(assignments: Sequence[Assignment], dice: Dice) -> dict[int, Disclosure]:
    """Which submissions of a year are not fully open."""
    found = {}
    for place, row in enumerate(dice.shuffled("disclosure", assignments)):
        if place % RESTRICTED_EVERY == 0:
            found[row.pk] = Disclosure.RESTRICTED
        elif place % PARTLY_EVERY == 1:
            found[row.pk] = Disclosure.PARTLY
    return found
