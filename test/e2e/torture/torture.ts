// Owns the torture of an agent: load from all sides, SIGKILL at any instant, half a line on its disk, and the verdict afterwards.
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Room } from '../../../src/incident/state.ts';
import { type Random, randomOf } from '../../sim/world/random.ts';
import { until } from '../../support/until.ts';
import { type AgentProcess, runProgram, startAgentProcess } from './agent-process.ts';
import { type Journal, readJournal } from './journal-evidence.ts';
import { judgeJournal, judgePages, judgeWorld, type PostedAlert } from './judge.ts';
import { newCommandId, type RoughClient, roughClient } from './rough-client.ts';
import { nextWish } from './wishes.ts';
import { openYard, SERVICES, type Yard } from './yard.ts';

export interface TortureOptions {
  readonly kills: number;
  readonly seed: number;
  /** Told now and then how far it is. */
  readonly say?: (line: string) => void;
}

export interface TortureReport {
  readonly seed: number;
  /** Empty when nothing was lost and nothing was done twice unseen. */
  readonly problems: readonly string[];
  readonly counts: Readonly<Record<CountName, number>>;
}

type CountName =
  | 'kills'
  | 'killsAtStart'
  | 'tornLines'
  | 'commits'
  | 'asked'
  | 'acknowledged'
  | 'refused'
  | 'askedAgain'
  | 'neverAnswered'
  | 'alerts'
  | 'paged'
  | 'pagedAgain'
  | 'contained';

const AUDIT_EVERY_KILLS = 10;
const QUIET_WITHIN_MS = 60_000;
/** An agent is welcome to more; a client is sent away beyond fifty a second. */
const WISH_EVERY_MS = 40;

/** The instants are drawn from the seed; what the machine is doing at them is not. */
export const torture = async ({ kills, seed, say = () => {} }: TortureOptions): Promise<TortureReport> => {
  const random = randomOf(seed);
  const yard = await openYard(random.fork('pager'));
  const clients = SERVICES.map((service) => roughClient(`of-${service}`));
  const posting = createPosting(random.fork('alerts'));
  const problems: string[] = [];
  let tornLines = 0;
  let killsAtStart = 0;
  let agent: AgentProcess | null = null;

  const look = async (): Promise<Journal> => {
    const journal = await readJournal(yard.stateDirectory);
    problems.push(...judgeJournal(journal, askedBy(clients), posting.alerts));
    return journal;
  };

  try {
    for (let kill = 1; kill <= kills && problems.length === 0; kill++) {
      agent = startAgentProcess(yard);
      if (kill > 1 && random.chance(0.2)) {
        killsAtStart += 1;
        await sleep(random.between(0, 700));
        await agent.end('SIGKILL');
      } else await killUnderLoad(agent, await seat(agent, yard, clients), { clients, posting, random, kill });
      for (const client of clients) client.disconnect();
      for (const client of clients) client.giveUpSome(random);
      const journal = await look();
      if (journal.last !== null && random.chance(0.3)) {
        tornLines += 1;
        await tear(journal, random);
      }
      if (kill % AUDIT_EVERY_KILLS === 0) problems.push(...(await judgeAudit(yard, journal)));
      if (kill % 10 === 0) say(`${kill} kills, ${journal.lines.length} commits, ${problems.length} problems`);
    }
    agent = startAgentProcess(yard);
    yard.pager.behave();
    const at = await seat(agent, yard, clients);
    const quiet = problems.length === 0 ? await becomeQuiet(clients, at) : null;
    const code = await agent.end('SIGTERM');
    if (code !== 0)
      problems.push(`the agent ended with ${code} when it was told to stop: ${agent.output().slice(-500)}`);
    const journal = await look();
    problems.push(...clients.flatMap((client) => client.problems));
    if (quiet !== null) {
      problems.push(...quiet.problems, ...judgePages(journal, yard.pager.received, quiet.seq));
      problems.push(...judgeWorld(quiet.room, yard), ...(await judgeAudit(yard, journal)));
    }
    const asked = askedBy(clients);
    const ids = yard.pager.received.map(({ id }) => id);
    return {
      seed,
      problems: [...new Set(problems)],
      counts: {
        kills,
        killsAtStart,
        tornLines,
        commits: journal.lines.length,
        asked: asked.length,
        acknowledged: asked.filter(({ result }) => result?.ok).length,
        refused: asked.filter(({ result }) => result?.ok === false).length,
        askedAgain: asked.filter(({ tries }) => tries > 1).length,
        neverAnswered: asked.filter(({ result }) => result === null).length,
        alerts: posting.alerts.filter(({ isTaken }) => isTaken).length,
        paged: new Set(ids).size,
        pagedAgain: ids.length - new Set(ids).size,
        contained: journal.lines.flatMap(({ events }) => events.filter(({ type }) => type === 'action.applied')).length,
      },
    };
  } finally {
    for (const client of clients) client.disconnect();
    if (agent !== null && !agent.hasEnded()) await agent.end('SIGKILL');
    await yard.clear();
  }
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const askedBy = (clients: readonly RoughClient[]) => clients.flatMap((client) => client.asked);

interface At {
  readonly url: string;
  readonly token: string;
}

/** Connects everybody to an agent that begins. */
const seat = async (agent: AgentProcess, yard: Yard, clients: readonly RoughClient[]): Promise<At> => {
  const url = await agent.listens();
  const token = (await readFile(join(yard.stateDirectory, 'token'), 'utf8')).trim();
  const welcome = await Promise.all(clients.map((client) => client.connect({ url, token })));
  if (welcome.includes(false)) throw new Error(`the agent welcomes not everybody: ${agent.output().slice(-500)}`);
  return { url, token };
};

interface Load {
  readonly clients: readonly RoughClient[];
  readonly posting: Posting;
  readonly random: Random;
  readonly kill: number;
}

/** Everybody wishes until the drawn instant, and all at once shortly before it: much is under way when the agent is killed. */
const killUnderLoad = async (agent: AgentProcess, at: At, { clients, posting, random, kill }: Load): Promise<void> => {
  const its = random.fork(`kill ${kill}`);
  let goesOn = true;
  const wish = (client: RoughClient, service: string | undefined): void => {
    const mark = newCommandId();
    const isBusy = client.unanswered().some(({ command }) => isContainment(command.type));
    const { room } = client.replica();
    client.ask(nextWish({ room, random: its, mark, service: isBusy ? null : (service ?? null) }), mark);
  };
  const wishing = clients.map(async (client, index) => {
    while (goesOn && client.isLive()) {
      wish(client, SERVICES[index]);
      await sleep(its.between(WISH_EVERY_MS / 2, WISH_EVERY_MS * 2));
    }
  });
  const posts: Promise<void>[] = [];
  const alerting = (async () => {
    while (goesOn) {
      posts.push(posting.post(at));
      await sleep(its.between(50, 300));
    }
  })();
  await sleep(its.between(20, 900));
  for (let round = 0; round < 4; round++)
    for (const [index, client] of clients.entries()) wish(client, SERVICES[index]);
  posts.push(posting.post(at));
  await sleep(its.between(0, 8));
  await agent.end('SIGKILL');
  goesOn = false;
  await Promise.all([...wishing, alerting]);
  await Promise.all(posts);
};

const isContainment = (type: string): boolean => ['contain', 'undo', 'arm', 'confirm'].includes(type);

interface Posting {
  readonly alerts: readonly PostedAlert[];
  /** Posts a new alert, or one of those whose answer got lost. */
  post(at: At): Promise<void>;
}

const createPosting = (random: Random): Posting => {
  const alerts: PostedAlert[] = [];
  const lost: PostedAlert[] = [];
  return {
    alerts,
    post: async ({ url, token }) => {
      const again = lost.shift();
      const alert = again ?? { fingerprint: `alert-${alerts.length + 1}`, isTaken: false };
      if (again === undefined) alerts.push(alert);
      const answer = await fetch(`${url}/api/v1/alerts/generic`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({
          title: `something of ${alert.fingerprint}`,
          status: 'firing',
          dedup_key: alert.fingerprint,
          severity: random.pick(['critical', 'warning', 'info', 'info', 'info']),
          service: random.pick(SERVICES),
        }),
      }).catch(() => null);
      await answer?.text().catch(() => {});
      alert.isTaken = answer?.status === 200;
      if (!alert.isTaken && random.chance(0.5)) lost.push(alert);
    },
  };
};

/** Writes the beginning of a line, as a write that a power cut ended. */
const tear = async ({ last, lines }: Journal, random: Random): Promise<void> => {
  if (last === null || last.tornBytes > 0) return;
  const { seq, ...rest } = lines.at(-1) ?? { seq: 0 };
  const line = JSON.stringify({ v: 1, seq: seq + 1, ...rest });
  await appendFile(last.path, line.slice(0, random.between(1, line.length - 1)));
};

interface Quiet {
  readonly seq: number;
  readonly room: Room;
  readonly problems: readonly string[];
}

/** Waits until everything asked is answered and everything due is done; then all copies of the room must be one. */
const becomeQuiet = async (clients: readonly RoughClient[], at: At): Promise<Quiet> => {
  const fresh = roughClient('fresh');
  try {
    await fresh.connect(at);
    const all = [...clients, fresh];
    await until(
      'an answer to everything',
      () => all.every((client) => client.unanswered().length === 0),
      QUIET_WITHIN_MS,
    );
    await until('nothing under way', () => underWayIn(fresh.replica().room).length === 0, QUIET_WITHIN_MS).catch(
      () => {},
    );
    await until('one sequence number', () => new Set(all.map((client) => client.replica().seq)).size === 1);
    const { seq, room } = fresh.replica();
    const differing = clients.filter((client) => !isDeepStrictEqual(client.replica().room, room));
    const problems = [
      ...underWayIn(room).map((what) => `${what} after ${QUIET_WITHIN_MS / 1_000} quiet seconds`),
      ...differing.map(({ name }) => `${name} sees another room than who comes anew`),
    ];
    return { seq, room, problems };
  } finally {
    fresh.disconnect();
  }
};

const UNDER_WAY = ['requested', 'confirmed', 'started', 'pending', 'retrying'];

const underWayIn = (room: Room): readonly string[] =>
  Object.values(room.incidents)
    .flatMap(({ pages, messages, actions }) => [
      ...Object.values(pages).map(({ page, state }) => ({ what: page, state: state as string })),
      ...Object.values(messages).map(({ message, state }) => ({ what: message, state: state as string })),
      ...Object.values(actions).map(({ id, state }) => ({ what: id, state: state.name as string })),
    ])
    .filter(({ state }) => UNDER_WAY.includes(state))
    .map(({ what, state }) => `${what} is ${state}`);

/** The evidence as everybody can check it, of an agent that is alive, dead or stopped. */
const judgeAudit = async ({ stateDirectory }: Yard, { lines }: Journal): Promise<readonly string[]> => {
  const { code, output } = await runProgram(['audit', 'verify', '--json'], stateDirectory);
  if (code !== 0) return [`warroom audit verify ended with ${code}: ${output}`];
  const { commits } = JSON.parse(output) as { readonly commits: number };
  return commits === lines.length ? [] : [`warroom audit verify knows ${commits} of ${lines.length} commits`];
};
