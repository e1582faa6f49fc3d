// Owns the proof that a killed agent loses nothing: terminals say so at once, keep the picture, and find everything again.
import { expect, it } from 'vitest';
import { all, responder } from './responder.ts';
import { openScene } from './scene.ts';

const HEADLESS = ['demo', '--headless'] as const;

it('an agent killed in the middle comes back with the same incident, ledger and deadlines, and its undo works', async () => {
  const scene = await openScene();
  const agent = await scene.start(HEADLESS, 'demo: room at');
  await scene.run(['declare', '--service', 'checkout', '--title', 'customers cannot pay', '--severity', 'sev2']);
  const ana = responder(scene.terminal({ name: 'ana', columns: 80, rows: 24 }));
  await ana.sees('customers cannot pay');
  await ana.does('a', 'held by ana until');
  await ana.does('c', '1 circuit-breaker on checkout');
  await ana.does('1', 'ARMED by ana');
  await ana.confirms('APPLIED and observed');
  await ana.does('h', 'IN PLACE 1');
  await ana.does('c', '5 isolate on checkout');
  await ana.does('5', 'ARMED by ana');
  await ana.does('h', /ana armed isolate on checkout \(A2\): 00:\d\d/);
  const before = await scene.status();
  const shop = await scene.shopPid();
  const held = /held by ana until \S+/.exec(ana.terminal.screen().join('\n'))?.[0] ?? 'not held';

  await agent.kill('SIGKILL');
  // Half a second for a busy machine on top of the second that is promised.
  await ana.sees(/STALE \d/, 1_500);
  await ana.sees(all('customers cannot pay', held, /A1 +circuit-breaker checkout/, 'A2', 'TIMELINE'));
  await ana.does('a', 'acknowledge: the agent has not answered for');
  await ana.does('c', 'contain: the agent has not answered for');
  await ana.does('u', 'undo a containment: the agent has not answered for');
  // What was seen stays in reach: the card can be read, not used.
  await ana.does('v', all('A2', 'isolate on checkout', 'asked by ana at'));
  await ana.does('y', /not now: the agent has not answered|too soon/);
  await ana.does('h', 'TIMELINE');

  const again = await scene.start(HEADLESS, '(found running)');
  expect(again.output()).toContain('demo: room at');
  await ana.sees((screen) => /live$/.test(screen[1] ?? '') && !screen.join('\n').includes('STALE'));
  const after = await scene.status();
  expect(after.incidents).toEqual(before.incidents);
  expect(after.agent.seq).toBeGreaterThanOrEqual(before.agent.seq);
  expect(await scene.shopPid()).toBe(shop);

  await ana.sees(all(held, /A1 +circuit-breaker checkout/, /ana armed isolate on checkout \(A2\): 00:\d\d/));
  await ana.does('v', 'ARMED by ana: nothing has happened yet');
  await ana.does('x', 'A2 cancelled: nothing was done');
  await ana.does('u', all('ARMED by ana', 'enabled: true → false'));
  await ana.confirms('A1 is taken back');
  await ana.does('h', 'IN PLACE nothing');
  const control = await fetch(new URL('/control/checkout/circuit-breaker', await scene.shopAdmin()));
  expect(await control.json()).toEqual({ enabled: false });
});
