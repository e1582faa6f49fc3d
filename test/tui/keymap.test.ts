import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { bindings, bindingsIn, places } from '../../src/tui/keymap.ts';
import { keysMarkdown } from '../../src/tui/keys-markdown.ts';
import { initialUi, keySituation } from '../../src/tui/ui.ts';
import { commandedRoom } from '../support/rooms-to-look-at.ts';

describe('the table of keys', () => {
  it('is what docs/keys.md says (node src/tui/keys-markdown.ts > docs/keys.md)', async () => {
    expect(await readFile(new URL('../../docs/keys.md', import.meta.url), 'utf8')).toBe(keysMarkdown());
  });

  it.each(places)('gives no key twice: %s', (place) => {
    const keys = bindingsIn(place).flatMap((binding) => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('has nothing dangerous on Enter or Tab', () => {
    const dangerous = bindings.filter((binding) => binding.dangerous).flatMap((binding) => binding.keys);
    expect(dangerous).not.toContain('Enter');
    expect(dangerous).not.toContain('Tab');
    expect(dangerous.length).toBeGreaterThan(3);
  });

  it('says for everything that asks the agent that a stale connection forbids it', () => {
    const room = commandedRoom();
    room.connection({ name: 'stale', sinceMs: room.now(), attempt: 1 });
    const situation = keySituation(initialUi, { view: room.view(), now: room.now() });
    const possible = bindingsIn('room').filter((binding) => binding.disabledReason(situation) === null);
    expect(possible.map((binding) => binding.id)).toEqual([
      'incidents',
      'palette',
      'timeline',
      'filter',
      'summary',
      'roles-screen',
      'ledger',
      'services',
      'silences',
      'sources',
      'agent',
      'scroll',
      'help',
      'repaint',
      'quit',
      'leave',
    ]);
  });
});
