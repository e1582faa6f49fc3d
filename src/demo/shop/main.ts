// Owns the shop's process: it outlives whoever started it, and ends when told or when nobody has looked for a while.
import { scaledClock } from '../../agent/clock.ts';
import { safeText } from '../../incident/text.ts';
import { OperatorError } from '../../protocol/operator-error.ts';
import { openShop } from './shop.ts';
import { removeAddressFile, type ShopAddress, writeAddressFile } from './shop-address.ts';
import { parseShopOptions, type ShopProcessOptions } from './shop-options.ts';

const ORPHAN_CHECK_MS = 250;

const run = async (options: ShopProcessOptions): Promise<void> => {
  outliveParent();
  const startedAtMs = Date.now();
  const { plan, speed } = options;
  const shop = await openShop({ ...options, clock: scaledClock(speed, startedAtMs) });
  const address: ShopAddress = {
    ready: true,
    pid: process.pid,
    scenario: plan?.scenario ?? null,
    speed,
    startedAtMs,
    admin: shop.admin,
    services: shop.services,
  };

  const end = async (): Promise<never> => {
    if (options.stateFile !== null) await removeAddressFile(options.stateFile, process.pid).catch(() => undefined);
    await shop.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void end());
  process.once('SIGINT', () => void end());
  const orphanCheck = setInterval(() => {
    if (shop.unwatchedForMs() < options.orphanAfterMs) return;
    clearInterval(orphanCheck);
    void end();
  }, ORPHAN_CHECK_MS);

  if (options.stateFile !== null) await writeAddressFile(options.stateFile, address).catch(unwritable);
  process.stdout.write(`${JSON.stringify(address)}\n`);
};

/** A closed terminal or a reader that is gone is no reason to stop. */
const outliveParent = (): void => {
  process.on('SIGHUP', () => undefined);
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
};

const unwritable = (cause: unknown): never => {
  const why = cause instanceof Error ? cause.message : String(cause);
  throw new OperatorError(
    'state-unwritable',
    `The state file cannot be written: ${why}.`,
    'Name another --state-file.',
    {
      cause,
    },
  );
};

try {
  await run(parseShopOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof OperatorError)) throw error;
  process.stderr.write(`${safeText(`${error.message} ${error.nextStep}`, 8_000)}\n`);
  process.exit(error.code === 'bad-usage' ? 2 : 1);
}
