import { describe, expect, it } from 'vitest';
import { load, problemsOf } from './load.ts';

const exec = (given: string): string =>
  `actions:\n  x: { driver: exec, read: { run: [cat, f] }, apply: { run: [w, "{after}"] }, undo: { run: [w, "{before}"] }, set: 1, ${given} }\n`;
const reading = (run: string): string => exec('').replace('read: { run: [cat, f] }', `read: { run: ${run} }`);
const applying = (run: string): string => exec('').replace('apply: { run: [w, "{after}"] }', `apply: { run: ${run} }`);

describe('an exec action', () => {
  it('takes its defaults and its secrets, and knows which values of its environment are secret', async () => {
    const text = exec(`env: { TOKEN: "\${TOKEN}", KEY: { file: key.txt }, REGION: eu-1 }, timeout: 2s, confirm: typed`);
    const { actions, policy } = await load({ 'actions.yaml': text, 'key.txt': 'k3y!\n' }, { TOKEN: 't0ken' });
    expect(actions.x).toEqual({
      driver: 'exec',
      read: { run: ['cat', 'f'] },
      apply: { run: ['w', '{after}'] },
      undo: { run: ['w', '{before}'] },
      pointer: '',
      set: 1,
      touches: [],
      timeoutMs: 2_000,
      env: { TOKEN: 't0ken', KEY: 'k3y!', REGION: 'eu-1' },
      secrets: ['t0ken', 'k3y!'],
    });
    expect(policy.actions.x).toEqual({ title: 'x', confirm: 'typed', expiresAfterMs: null });
  });

  it.each([
    '[awk, "{print}", f]',
    '[kubectl, get, "-o=jsonpath={.spec.replicas}"]',
    '[/opt/tool, "a b", ""]',
    `[sh, -c, 'cat "$1"', sh, "{service}"]`,
    `[ssh, host, "{service}"]`,
  ])('may read with %s', async (run) => {
    expect(await problemsOf({ 'actions.yaml': reading(run) })).toEqual([]);
  });

  it.each<[text: string, problem: string]>([
    [
      reading('cat f'),
      'actions.yaml:2:35 actions.x.read.run: cannot be used, expected a list, the program and each argument apart: [flagctl, set, "{service}"]; nothing passes through a shell',
    ],
    [
      reading('[]'),
      'actions.yaml:2:35 actions.x.read.run: is a list, expected a list, the program and each argument apart: [flagctl, set, "{service}"]; nothing passes through a shell',
    ],
    [
      reading('["cat f"]'),
      'actions.yaml:2:36 actions.x.read.run[0]: has spaces, expected the program alone; its arguments follow it in the list',
    ],
    [
      reading('[bin/tool]'),
      'actions.yaml:2:36 actions.x.read.run[0]: is a relative path, expected an absolute one or a name found on the PATH',
    ],
    [
      reading('["{service}"]'),
      'actions.yaml:2:36 actions.x.read.run[0]: is filled in later, expected the program itself',
    ],
    [
      reading('[cat, 5]'),
      'actions.yaml:2:41 actions.x.read.run[1]: cannot be used, expected text in quotes, up to 8000 characters',
    ],
    [
      reading('[cat, "{after}"]'),
      'actions.yaml:2:41 actions.x.read.run[1]: names {before} or {after}, which nobody knows before it was read',
    ],
    [
      applying(`[w, "\${HUNTER2}"]`),
      'actions.yaml:2:65 actions.x.apply.run[1]: would show a secret to every user of the host, expected it under `env:`',
    ],
    [
      applying('[w, "{servce}"]'),
      'actions.yaml:2:65 actions.x.apply.run[1]: holds a placeholder that nobody fills in, did you mean "service"?',
    ],
    [
      applying('[w, "{param}"]'),
      'actions.yaml:2:65 actions.x.apply.run[1]: holds a placeholder that nobody fills in, expected {param.NAME}',
    ],
    [
      applying('[bash, -ec, "set {after}"]'),
      'actions.yaml:2:73 actions.x.apply.run[2]: would let a shell read what is filled in, expected "$1" there and the placeholder as a later argument',
    ],
    [
      applying('[sudo, /bin/sh, -c, "set {param.v}"]'),
      'actions.yaml:2:81 actions.x.apply.run[3]: would let a shell read what is filled in, expected "$1" there and the placeholder as a later argument',
    ],
    [
      exec('url: "http://a/"'),
      'actions.yaml:2:119 actions.x.url: is an unknown field, expected one of driver, title, confirm, expires, touches, timeout, pointer, set, read, apply, undo, env',
    ],
    [
      exec('env: { "A-B": x }'),
      'actions.yaml:2:126 actions.x.env.A-B: cannot be its name, expected the name of an environment variable',
    ],
    [
      exec(`env: { A: "\${NOT_SET}" }`),
      'actions.yaml:2:129 actions.x.env.A: the environment variable NOT_SET is not set',
    ],
    ['actions: { x: { driver: exec } }', 'actions.yaml:1:12 actions.x.read: is missing, expected a map of run'],
    ['actions: { x: { set: 1 } }', 'actions.yaml:1:12 actions.x.driver: is missing, drivers: http, exec'],
    [
      'actions: { x: 5 }',
      'actions.yaml:1:15 actions.x: is 5, expected a map of driver, read, apply, undo, set and what else the driver takes',
    ],
  ])('%s', async (text, problem) => {
    expect(await problemsOf({ 'actions.yaml': text })).toContain(problem);
  });

  it('repeats no secret that stands in the wrong place', async () => {
    for (const text of [
      reading('hunter2 x'),
      reading('["hunter2 x"]'),
      exec('env: { A: [hunter2] }'),
      exec('env: hunter2'),
    ]) {
      const problems = await problemsOf({ 'actions.yaml': text });
      expect(problems).not.toEqual([]);
      expect(problems.join('\n')).not.toContain('hunter2');
    }
  });
});
