// Owns a soak: hours of a room's life in minutes, with samples of what its agent holds, and the verdict over them.
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomOf } from '../../sim/world/random.ts';
import { openYard, SERVICES } from '../torture/yard.ts';
import { judgeFlatness, type Sample } from './flatness.ts';
import { openMeasuredShop } from './measured-shop.ts';
import { liveInRoom, type RoomLife } from './room-life.ts';
import { startSoakedAgent } from './soaked-agent.ts';

export interface SoakOptions {
  /** Of the room's time. */
  readonly hours: number;
  /** Room seconds in a real one. */
  readonly speed: number;
  readonly samples: number;
  readonly say?: (line: string) => void;
}

export interface SoakReport {
  readonly samples: readonly Sample[];
  readonly counts: RoomLife['counts'];
  /** Messages that reached the pager. */
  readonly paged: number;
  readonly problems: readonly string[];
}

const HOUR_SECONDS = 3_600;

export const soak = async ({ hours, speed, samples: wanted, say = () => {} }: SoakOptions): Promise<SoakReport> => {
  const random = randomOf(1);
  const yard = await openYard(random.fork('pager'));
  yard.pager.behave();
  const shop = await openMeasuredShop(speed);
  await writeFile(join(yard.configDirectory, 'services.yaml'), servicesYaml(shop.url, speed));
  await writeFile(join(yard.configDirectory, 'escalation.yaml'), escalationYaml(speed));
  const agent = await startSoakedAgent({ ...yard, speed });
  const samples: Sample[] = [];
  try {
    const token = (await readFile(join(yard.stateDirectory, 'token'), 'utf8')).trim();
    const life = liveInRoom({ url: agent.url, token, services: SERVICES, shop, random: random.fork('life') });
    const startedAt = performance.now();
    const roomHours = (): number => ((performance.now() - startedAt) / 1_000) * (speed / HOUR_SECONDS);
    say(HEADINGS);
    for (let sample = 1; sample <= wanted; sample++) {
      const dueMs = startedAt + ((hours * HOUR_SECONDS * 1_000) / speed) * (sample / wanted);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
      const { commits, journalBytes } = await sizeOf(yard.stateDirectory);
      const holding = await life.pausedFor(agent.holding);
      samples.push({ ...holding, roomHours: roomHours(), commits, journalBytes, incidents: life.counts.incidents });
      say(rowOf(samples.at(-1) as Sample));
    }
    await life.stop();
    const faults = [...new Set(agent.faults)].map((text) => `a fault of the agent: ${text}`);
    const problems = [...judgeFlatness(samples), ...faults];
    return { samples, counts: life.counts, paged: yard.pager.received.length, problems };
  } finally {
    await agent.end();
    await shop.close();
    await yard.clear();
  }
};

/** No oftener than ten times in a real second, however fast the room's time runs. */
const servicesYaml = (shopUrl: string, speed: number): string => `
defaults:
  environment: { name: staging, production: false }
  scrape: { every: ${Math.max(1, Math.round(speed / 10))}s, window: ${Math.max(20, speed)}s, timeout: 60s }
services:
  ${SERVICES[0]}: { core: true, scrape: ['${shopUrl}/metrics'] }
${SERVICES.slice(1)
  .map((service) => `  ${service}: {}\n`)
  .join('')}`;

/** What is armed can be confirmed for half a minute of those who confirm it. */
const escalationYaml = (speed: number): string => `
armFor: ${30 * speed}s
escalation:
  sev1: { initial: [ona], 15min: [lea], 30min: [max] }
  sev2: { initial: [ona], 30min: [lea] }
  sev3: { initial: [ona] }
  sev4: {}
`;

const sizeOf = async (stateDirectory: string): Promise<{ readonly commits: number; readonly journalBytes: number }> => {
  const directory = join(stateDirectory, 'journal');
  let commits = 0;
  let journalBytes = 0;
  for (const name of await readdir(directory)) {
    if (!name.endsWith('.jsonl')) continue;
    const path = join(directory, name);
    journalBytes += (await stat(path)).size;
    commits += (await readFile(path, 'latin1')).split('\n').length - 1;
  }
  return { commits, journalBytes };
};

const COLUMNS = ['room hours', 'incidents', 'commits', 'journal MiB', 'heap MiB', 'resident MiB', 'files', 'handles'];
const HEADINGS = COLUMNS.map((name) => name.padStart(12)).join(' ');

const rowOf = (sample: Sample): string => {
  const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
  const { roomHours, incidents, commits, journalBytes, heapBytes, residentBytes, files, handles } = sample;
  const cells = [
    ...[roomHours.toFixed(1), incidents, commits],
    ...[mib(journalBytes), mib(heapBytes), mib(residentBytes), files, handles],
  ];
  return cells.map((cell) => String(cell).padStart(12)).join(' ');
};

/** A last line that says what happened in it. */
export const summaryOf = ({ counts, paged, problems }: SoakReport): readonly string[] => [
  `${counts.incidents} incidents, ${counts.contained} contained and given back, ${counts.alerts} alerts, ${paged} messages out, ${counts.commands} commands (${counts.refused} refused), ${counts.visits} visits, ${counts.stuck} stories got stuck`,
  ...problems.map((problem) => `  WRONG: ${problem}`),
  problems.length === 0 ? 'memory and handles are flat' : 'not flat',
];
