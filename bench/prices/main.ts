/**
 * `npm run prices -- --check [--from FILE|ADDRESS]...`.
 */
import { checkPrices } from './check-prices.ts';

process.exitCode = await checkPrices(process.argv.slice(2), console);
