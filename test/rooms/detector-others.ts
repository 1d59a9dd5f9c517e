// Timelines of slow loss, lateness and flapping; and of regions that send four messages every 10 s, or one every 3 s. In the words of
// `detector-told.ts`; each line was read against the tables of sla.md 6. Used by detector.test.ts.

export const OTHERS = `
slow loss: one of twenty, four times (burst)
  3* 1x19. | up
  1x19.    | degraded, brownout from 0 s
  37* 20.  | degraded
  14* 20.  | degraded
  20.      | degraded
  2* 20.   | up, brownout to 180.05 s: 4 of 80

late: two of twenty, five times (burst)
  4* 2o18. | up
  2o18.    | degraded, brownout from 60 s
  5* 2o18. | degraded
  30* 20.  | up, brownout to 600 s: 18 of 180

late once, however many (burst)
  20o | up
  20. | up

a brown-out becomes an outage (burst)
  4* 1x19. | degraded, brownout from 0 s
  20x      | suspect, ask 3
  c 3x     | suspect, ask 2
  c 3x     | down, brownout to 240 s: 4 of 80, outage from 240 s
  20.      | recovering
  2* 20.   | recovering
  20.      | up, outage to 300 s: 20 of 20

a suspicion in a brown-out, and back (burst)
  4* 1x19. | degraded, brownout from 0 s
  4x16.    | suspect, ask 3
  c 3.     | suspect, ask 2
  20.      | degraded

a brown-out through unknown rounds (burst)
  4* 1x19.   | degraded, brownout from 0 s
  ! controls | unmeasured
  20.        | suspect
  20.        | degraded
  60* 20.    | up, brownout to 300 s: 4 of 80

flapping: four times down in an hour (burst)
  20x     | suspect, ask 3
  20x     | down, outage from 0 s
  4* 20.  | recovering > up, outage to 120 s: 40 of 40
  2* 20x  | suspect > down, ask 3, outage from 360 s
  4* 20.  | recovering > up, outage to 480 s: 40 of 40
  2* 20x  | suspect > down, ask 3, outage from 720 s
  4* 20.  | recovering > up, outage to 840 s: 40 of 40
  2* 20x  | suspect > down, ask 3, outage from 1080 s, flapping
  4* 20.  | recovering > up, outage to 1200 s: 40 of 40
  25* 20. | up
  3* 20.  | up, flaps no more
  20.     | up

three times are none (burst)
  2* 20x | suspect > down, ask 3, outage from 0 s
  4* 20. | recovering > up, outage to 120 s: 40 of 40
  2* 20x | suspect > down, ask 3, outage from 360 s
  4* 20. | recovering > up, outage to 480 s: 40 of 40
  2* 20x | suspect > down, ask 3, outage from 720 s
  4* 20. | recovering > up, outage to 840 s: 40 of 40

four times in more than an hour are none (burst)
  2* 20x  | suspect > down, ask 3, outage from 0 s
  16* 20. | recovering > up, outage to 120 s: 40 of 40
  2* 20x  | suspect > down, ask 3, outage from 1080 s
  16* 20. | recovering > up, outage to 1200 s: 40 of 40
  2* 20x  | suspect > down, ask 3, outage from 2160 s
  24* 20. | recovering > up, outage to 2280 s: 40 of 40
  2* 20x  | suspect > down, ask 3, outage from 3720 s

small rounds: total (small)
  4x     | suspect, ask 1
  4x     | down, outage from 0 s
  4x     | down
  4.     | down
  4.     | recovering
  16* 4. | recovering
  4.     | up, outage to 30 s: 12 of 12

one small round is lost: a suspicion, and peace after twelve (small)
  4x | suspect, ask 1
  4. | suspect
  4. | suspect
  4. | up

and one more message is no proof: two of another round are (small)
  4x   | suspect, ask 1
  1x3. | suspect
  4.   | suspect
  4.   | suspect
  4x   | down, outage from 0 s

half of the small rounds (small)
  2x2. | up
  2x2. | suspect, ask 1
  1x3. | down, outage from 0 s

three of twenty (small)
  1x3. | up
  1x3. | up
  1x3. | up
  4.   | up

small rounds with a confirm round (small)
  4x   | suspect, ask 1
  c 3x | down, outage from 0 s

unfit among small rounds (small)
  4x         | suspect, ask 1
  ! platform | unmeasured
  4x         | suspect, ask 1
  4x         | down, outage from 20 s

spread: the fifth lost one of twenty (spread)
  1x     | up
  1x     | up
  1x     | up
  1x     | suspect, ask 1
  1x     | down, outage from 0 s
  15* 1x | down
  4* 1.  | down
  1.     | recovering
  50* 1. | recovering
  5* 1.  | recovering
  1.     | up, outage to 60 s: 20 of 20

spread: three lost are nothing (spread)
  3* 1x  | up
  20* 1. | up

spread: four lost, twelve good (spread)
  4* 1x  | suspect, ask 1
  11* 1. | suspect
  1.     | up
  1x     | suspect > down, outage from 0 s

spread: every fourth one (spread)
  1x    | up
  3* 1. | up
  1x    | up
  3* 1. | up
  1x    | up
  3* 1. | up
  1x    | suspect, ask 1
  3* 1. | suspect
  1x    | down, outage from 0 s

spread: recovery is lost again (spread)
  5* 1x | suspect > down, ask 1, outage from 0 s
  5* 1. | recovering
  1x    | recovering
  1.    | recovering
  3* 1x | down
  5* 1. | recovering

spread: silence (spread)
  11* -  | up
  -      | unmeasured
  1.     | suspect
  12* 1. | up

spread: late ones are counted in blocks of twenty (spread)
  90* 1. | up
  9* 1o  | up
  1o     | up
  40* 1o | degraded, brownout from 270 s

spread: one of twenty lost, for long (spread)
  19* 1. | up
  1x     | up
  19* 1. | up
  1x     | up
  19* 1. | up
  1x     | up
  19* 1. | up
  1x     | up
  19* 1. | degraded, brownout from 57 s
  20* 1. | degraded

down again after blindness is not down once more (burst)
  2* 20x     | suspect > down, ask 3, outage from 0 s
  ! platform | unmeasured
  2* 20x     | suspect > down, ask 3
  ! platform | unmeasured
  2* 20x     | suspect > down, ask 3
  ! platform | unmeasured
  2* 20x     | suspect > down, ask 3
`;
