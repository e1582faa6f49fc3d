// Owns looking whether an agent runs, as whoever opens the room would find it.
import * as z from 'zod/mini';
import { systemClock } from '../agent/clock.ts';
import { examineAgentClock } from '../agent/setup/examine-clock.ts';
import { LOOK_WITHIN_MS } from '../agent/setup/examine-prometheus.ts';
import { type Finding, failure, fine, warning } from '../agent/setup/finding.ts';
import { ask } from '../agent/sources/ask.ts';
import { fetchThrough, socketPathOf } from '../client/agent-door.ts';
import { findAgent } from '../client/find-agent.ts';
import { OperatorError } from '../protocol/operator-error.ts';

const Answer = z.object({ agent: z.object({ version: z.string(), writable: z.boolean() }) });

export interface AgentPlaces {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stateDirectory: string;
  /** Of this program. */
  readonly version: string;
  readonly stopping: AbortSignal;
}

export const examineAgent = async ({
  env,
  stateDirectory,
  version,
  stopping,
}: AgentPlaces): Promise<readonly Finding[]> => {
  try {
    const found = findAgent(env, stateDirectory);
    const { url, token } = found;
    const isSocket = socketPathOf(url) !== null;
    const door = new URL(isSocket ? 'http://localhost' : url.replace(/^ws/, 'http'));
    // An address may carry a password; what is asked and said has none.
    const base = isSocket ? url : `${door.protocol}//${door.host}`;
    const askedMs = Date.now();
    const answer = await ask(
      {
        url: `${door.protocol}//${door.host}/api/v1/incidents`,
        headers: { authorization: `Bearer ${token}` },
        timeoutMs: LOOK_WITHIN_MS,
        maxBytes: 16 * 1024 * 1024,
        longer: 'cut',
      },
      { clock: systemClock(), stopping, fetch: fetchThrough(found) },
    );
    if (!answer.ok)
      return [warning('agent', `no agent answers at ${base}: ${answer.detail}`, 'start it: warroom agent')];
    if (answer.status === 401)
      return [
        failure(
          'agent',
          `the agent at ${base} does not take the token`,
          'set WARROOM_TOKEN_FILE to its token, or unset WARROOM_TOKEN',
        ),
      ];
    const told = Answer.safeParse(parseJson(answer.body));
    if (answer.status !== 200 || !told.success)
      return [
        failure(
          'agent',
          `what answers at ${base} is no agent: HTTP ${answer.status}`,
          'correct WARROOM_URL, or start one: warroom agent',
        ),
      ];
    return [
      ...agentFindings(base, told.data.agent, version),
      ...examineAgentClock(answer.date, { askedMs, answeredMs: Date.now() }),
    ];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return [
      error.code === 'no-agent'
        ? warning('agent', error.message, error.nextStep)
        : failure('agent', error.message, error.nextStep),
    ];
  }
};

const agentFindings = (base: string, agent: z.infer<typeof Answer>['agent'], version: string): readonly Finding[] => [
  agent.writable
    ? fine('agent', `an agent of version ${agent.version} runs at ${base} and its log takes writes`)
    : failure(
        'agent',
        `the agent at ${base} is READ-ONLY: its log takes no writes`,
        'make room on its disk; it goes on by itself',
      ),
  ...(agent.version === version
    ? []
    : [warning('agent', `it has version ${agent.version}, this program ${version}`, 'restart it: warroom agent')]),
];

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
