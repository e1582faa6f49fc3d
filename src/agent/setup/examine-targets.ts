// Owns trying the addresses that the agent looks at itself: checks and /metrics pages, once each.
import { createConnection } from 'node:net';
import type { CheckWatch, ServiceWatch } from '../config/config.ts';
import { type Asking, ask, timeoutWords } from '../sources/ask.ts';
import { MAX_EXPOSITION_BYTES } from '../sources/exposition.ts';
import { failureWords } from '../sources/failure-words.ts';
import { pageReader } from '../sources/scraped-page.ts';
import { LOOK_WITHIN_MS } from './examine-prometheus.ts';
import { type Finding, failure, fine, warning } from './finding.ts';
import { inTurns } from './in-turns.ts';

const AT_ONCE = 32;
const ENOUGH_BYTES = 64 * 1024;

/** Findings about the checks of all services: what does not answer, or otherwise than expected. */
export const examineChecks = async (watches: readonly ServiceWatch[], asking: Asking): Promise<readonly Finding[]> => {
  const checks = watches.flatMap(({ service, checks }) => checks.map((check) => ({ service, check })));
  if (checks.length === 0) return [];
  const found = await inTurns(checks, AT_ONCE, async ({ service, check }) => {
    const name = `check ${check.name} of ${service}`;
    const trouble = check.kind === 'http' ? await tryHttp(check, asking) : await tryTcp(check, asking);
    if (trouble === null) return [];
    const fix = 'start what it checks, or correct its address in services.yaml';
    const what = `${name}: ${trouble.detail}`;
    return [trouble.answers ? warning('checks', what, fix) : failure('checks', what, fix)];
  });
  return summed({ about: 'checks', what: 'checks answer as expected', all: checks.length }, found.flat());
};

/** Findings about the addresses that are scraped. */
export const examineScrapes = async (watches: readonly ServiceWatch[], asking: Asking): Promise<readonly Finding[]> => {
  const pages = watches.flatMap(({ service, scrape }) =>
    scrape === null ? [] : scrape.urls.map((url) => ({ service, url, scrape })),
  );
  if (pages.length === 0) return [];
  const found = await inTurns(pages, AT_ONCE, async ({ service, url, scrape }) => {
    const fix = `start it, or correct \`scrape:\` of ${service} in services.yaml`;
    const answer = await ask(
      { url, timeoutMs: LOOK_WITHIN_MS, maxBytes: MAX_EXPOSITION_BYTES, longer: 'refused' },
      asking,
    );
    if (!answer.ok) return [failure('scrape', `${service}: ${url}: ${answer.detail}`, fix)];
    if (answer.status !== 200) return [failure('scrape', `${service}: ${url}: HTTP ${answer.status}`, fix)];
    const page = pageReader(service, scrape)(answer.body);
    if (!page.ok) return [failure('scrape', `${service}: ${url} has no metrics: ${page.detail}`, fix)];
    if (scrape.requests === null || page.counters.requests.length > 0) return [];
    return [
      warning(
        'scrape',
        `${service}: ${url} has no series of ${scrape.requests}`,
        'correct `requests:` in services.yaml',
      ),
    ];
  });
  return summed({ about: 'scrape', what: '/metrics pages can be read', all: pages.length }, found.flat());
};

interface Sum {
  readonly about: 'checks' | 'scrape';
  readonly what: string;
  readonly all: number;
}

const summed = ({ about, what, all }: Sum, troubles: readonly Finding[]): readonly Finding[] => {
  const good = all - troubles.length;
  return [...(good === 0 ? [] : [fine(about, `${good} of ${all} ${what}`)]), ...troubles];
};

interface Trouble {
  readonly answers: boolean;
  readonly detail: string;
}

type HttpCheck = Extract<CheckWatch, { kind: 'http' }>;
type TcpCheck = Extract<CheckWatch, { kind: 'tcp' }>;

const tryHttp = async (
  { url, expectStatus: [lowest, highest] }: HttpCheck,
  asking: Asking,
): Promise<Trouble | null> => {
  const answer = await ask({ url, timeoutMs: LOOK_WITHIN_MS, maxBytes: ENOUGH_BYTES, longer: 'cut' }, asking);
  if (!answer.ok) return { answers: false, detail: `${url}: ${answer.detail}` };
  if (answer.status >= lowest && answer.status <= highest) return null;
  return {
    answers: true,
    detail: `${url} answers ${answer.status}, expected ${lowest === highest ? lowest : `${lowest} to ${highest}`}`,
  };
};

const tryTcp = ({ host, port }: TcpCheck, { clock, stopping }: Asking): Promise<Trouble | null> =>
  new Promise((resolve) => {
    const socket = createConnection({ host, port });
    const settle = (detail: string | null): void => {
      callOff();
      stopping.removeEventListener('abort', stop);
      socket.destroy();
      resolve(detail === null ? null : { answers: false, detail: `${host}:${port}: ${detail}` });
    };
    const stop = (): void => settle('called off');
    const callOff = clock.after(LOOK_WITHIN_MS, () => settle(timeoutWords(LOOK_WITHIN_MS)));
    stopping.addEventListener('abort', stop);
    socket.on('connect', () => settle(null));
    // Stays attached: a late socket error must find a listener.
    socket.on('error', (error) => settle(failureWords(error)));
  });
