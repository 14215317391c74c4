import { test } from 'vitest';
import { playNight, scenarios } from '../../helpers/ceiling-scenarios.ts';

/** Each kind of night once, by one wire or another; `ceilings-hold.slow.test.ts` has all. */
const some = scenarios.filter((_, index) => index % 5 === 0);

test.each(some)('a ceiling holds for $adapter.adapter: $title', playNight);
