// Owns asking the agent of this container whether it is alive: `GET /healthz` where its port file says that it listens. Ends with 0 or 1.
import { readFileSync } from 'node:fs';
import { request as overHttp } from 'node:http';
import { request as overTls } from 'node:https';
import { join } from 'node:path';

const WITHIN_MS = 4_000;

const fail = (why) => {
  process.stderr.write(`${why}\n`);
  process.exit(1);
};

const addressOf = (directory) => {
  try {
    return JSON.parse(readFileSync(join(directory, 'port'), 'utf8'));
  } catch (error) {
    return fail(`no agent listens: ${error.message}`);
  }
};

const { host, port, tls = false, socket } = addressOf(process.env.WARROOM_STATE_DIR ?? '/var/lib/warroom/state');
const everywhere = { '0.0.0.0': '127.0.0.1', '::': '::1' };
const where = socket === undefined ? { host: everywhere[host] ?? host, port } : { socketPath: socket };
const request = tls && socket === undefined ? overTls : overHttp;
// Its own agent, in its own container: the certificate is made for those who come from elsewhere.
const asking = request({ ...where, path: '/healthz', timeout: WITHIN_MS, rejectUnauthorized: false }, (answer) => {
  if (answer.statusCode === 200) process.exit(0);
  fail(`/healthz answers ${answer.statusCode}`);
});
asking.on('timeout', () => fail(`/healthz does not answer within ${WITHIN_MS / 1_000} s`));
asking.on('error', (error) => fail(`/healthz: ${error.message}`));
asking.end();
