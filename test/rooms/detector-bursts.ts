// Timelines of regions whose rounds are bursts of 20, one a minute: suspicion, confirm rounds, outage, recovery, and what is unknown.
// In the words of `detector-told.ts`; each line was read against the table of sla.md 6. Used by detector.test.ts.

export const BURSTS = `
all is well (burst)
  20.     | up
  60* 20. | up

three of twenty are no suspicion (burst)
  3x17. | up
  20.   | up

four of twenty are; and one good round ends it (burst)
  4x16. | suspect, ask 3
  20.   | up

a blip: everything lost once, confirm rounds are good (burst)
  20x  | suspect, ask 3
  c 3. | suspect, ask 2
  c 3. | suspect
  20.  | up

a blip of a round, four good confirm rounds end it (burst)
  20x  | suspect, ask 3
  c 3. | suspect, ask 2
  c 3. | suspect
  c 3. | suspect
  c 3. | up

the good end of a bad round is no peace (burst)
  4x16. | suspect, ask 3
  c 3.  | suspect, ask 2
  c 3.  | suspect
  20.   | up

a total outage: one bad round, two bad confirm rounds (burst)
  20x    | suspect, ask 3
  c 3x   | suspect, ask 2
  c 3x   | down, outage from 0 s
  20x    | down
  20.    | recovering
  2* 20. | recovering
  20.    | up, outage to 120 s: 40 of 40

of three confirm rounds two are enough (burst)
  20x  | suspect, ask 3
  c 3. | suspect, ask 2
  c 3x | suspect, ask 1
  c 3x | down, outage from 0 s

two of three messages make a confirm round bad, one does not (burst)
  20x    | suspect, ask 3
  c 2x1. | suspect, ask 2
  c 1x2. | suspect, ask 1
  c 1.2x | down, outage from 0 s

two good confirm rounds: not this time; the next bad round asks again (burst)
  10x10. | suspect, ask 3
  c 3.   | suspect, ask 2
  c 3.   | suspect
  c 3x   | suspect, ask 3
  10x10. | suspect, ask 2
  c 3x   | down, outage from 0 s
  c 3x   | down

a confirm round of twenty is bad from four on (burst)
  20x     | suspect, ask 3
  c 4x16. | suspect, ask 2
  c 4x16. | down, outage from 0 s

and good with three (burst)
  20x     | suspect, ask 3
  c 3x17. | up
  c 3x17. | up

no confirm round is run: two of three scheduled ones (burst)
  20x | suspect, ask 3
  20x | down, outage from 0 s

the good one in between had no run of twelve (burst)
  20x          | suspect, ask 3
  3.1x8.1x6.1x | suspect, ask 2
  20x          | down, outage from 0 s

confirm rounds saw nothing, three of five scheduled ones did (burst)
  10x10. | suspect, ask 3
  c 3.   | suspect, ask 2
  c 3.   | suspect
  10x10. | suspect, ask 3
  c 3.   | suspect, ask 2
  c 3.   | suspect
  5x15.  | down, outage from 0 s

it began in the middle of a round (burst)
  12.8x | suspect, ask 3
  c 3x  | suspect, ask 2
  c 3x  | down, outage from 0.6 s

the last message of the round before was lost already (burst)
  19.1x | up
  20x   | suspect, ask 3
  c 3x  | suspect, ask 2
  c 3x  | down, outage from 0.95 s

one lost long before has nothing to do with it (burst)
  1x19. | up
  20x   | suspect, ask 3
  c 3x  | suspect, ask 2
  c 3x  | down, outage from 60 s

half of the messages, for a while (burst)
  10x10.                                   | suspect, ask 3
  c 3x                                     | suspect, ask 2
  c 2x1.                                   | down, outage from 0 s
  1.1x1.1x1.1x1.1x1.1x1.1x1.1x1.1x1.1x1.1x | down
  20.                                      | recovering
  3* 20.                                   | up, outage to 120 s: 20 of 40

a bad round whose end is good begins no recovery (burst)
  20x   | suspect, ask 3
  20x   | down, outage from 0 s
  4x16. | down
  20.   | recovering

five good ones in a row begin it (burst)
  20x         | suspect, ask 3
  20x         | down, outage from 0 s
  1.3x12.3x1. | down
  3x17.       | recovering

a bad round in the recovery: the same outage (burst)
  20x    | suspect, ask 3
  20x    | down, outage from 0 s
  20.    | recovering
  20.    | recovering
  4x16.  | down
  20.    | recovering
  2* 20. | up, outage to 240.2 s: 44 of 84
  20.    | up

one of twenty is forgiven in a recovery (burst)
  20x   | suspect, ask 3
  20x   | down, outage from 0 s
  20.   | recovering
  1x19. | recovering
  20.   | recovering
  20.   | up, outage to 120 s: 41 of 61

two of twenty are not: it begins anew with the good run after them (burst)
  20x   | suspect, ask 3
  20x   | down, outage from 0 s
  20.   | recovering
  2x18. | recovering
  20.   | recovering
  20.   | recovering
  20.   | recovering

bad again after it was over: another outage (burst)
  20x    | suspect, ask 3
  20x    | down, outage from 0 s
  3* 20. | recovering
  20.    | up, outage to 120 s: 40 of 40
  20x    | suspect, ask 3
  20x    | down, outage from 360 s

unfit once (burst)
  ! scheduler_lag | unmeasured
  20.             | suspect
  20.             | up

unfit and then bad: never straight to down (burst)
  ! controls | unmeasured
  20x        | suspect, ask 3
  c 3x       | suspect, ask 2
  c 3x       | down, outage from 60 s

unfit after it was suspect: nothing is concluded across it (burst)
  20x        | suspect, ask 3
  ! controls | unmeasured
  20x        | suspect, ask 3
  20x        | down, outage from 120 s

bad before blindness and after it: not counted together (burst)
  20x        | suspect, ask 3
  c 3.       | suspect, ask 2
  ! platform | unmeasured
  20x        | suspect, ask 3
  c 3.       | suspect, ask 2
  20x        | suspect, ask 1

unfit in an outage: it stays open, and goes on (burst)
  20x           | suspect, ask 3
  20x           | down, outage from 0 s
  3* ! platform | unmeasured
  20x           | suspect, ask 3
  c 3x          | suspect, ask 2
  c 3x          | down
  20.           | recovering
  3* 20.        | up, outage to 360 s: 60 of 60

unfit in an outage, good when seen again: it heals, it does not jump (burst)
  20x        | suspect, ask 3
  20x        | down, outage from 0 s
  ! platform | unmeasured
  20.        | suspect
  20.        | recovering
  2* 20.     | up, outage to 180 s: 40 of 40
  20.        | up

unfit in a recovery (burst)
  20x     | suspect, ask 3
  20x     | down, outage from 0 s
  20.     | recovering
  ! moved | unmeasured
  20.     | suspect
  20.     | recovering
  3* 20.  | up, outage to 240 s: 40 of 40

less than half was attempted (burst)
  ! not_sent | unmeasured
  ! not_sent | unmeasured
  20.        | suspect

silence (burst)
  -     | up
  -     | unmeasured
  -     | unmeasured
  10* - | unmeasured
  20.   | suspect
  20.   | up

one slot is missing: no matter (burst)
  -   | up
  20. | up
  -   | up
  20. | up

silence in an outage keeps it open (burst)
  20x  | suspect, ask 3
  20x  | down, outage from 0 s
  5* - | unmeasured
  20x  | suspect, ask 3
  20x  | down

a slot without a tick: silence is seen all the same (burst)
  20x  | suspect, ask 3
  20x  | down, outage from 0 s
  3* ~ | down
  20.  | unmeasured > suspect

a new region (fresh burst)
  20. | suspect
  20. | up

a new region that is bad (fresh burst)
  20x | suspect, ask 3
  20x | down, outage from 0 s

a new region that is silent (fresh burst)
  5* - | unmeasured

a confirm round that nobody asked for (burst)
  20.  | up
  c 3. | up
  c 3x | suspect, ask 3
  c 3. | suspect, ask 2
  20.  | up
`;
