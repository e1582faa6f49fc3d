import { describe, expect, it } from 'vitest';
import { PLACES } from '../../src/protocol/messages.ts';
import { cardFor, type Dialog, onScreen, SCREENS } from '../../src/tui/dialog.ts';
import { presencePlace } from '../../src/tui/presence-place.ts';

const menu: Dialog = { name: 'menu', menu: { kind: 'declare-service' }, cursor: 0 };
const entry: Dialog = { name: 'entry', purpose: { kind: 'silence', service: null }, text: 'checkout 30m' };
const ask: Dialog = { name: 'ask', question: { kind: 'lift-silence', silence: 'S1' }, readyAtMs: 0, refusal: null };

describe('where a terminal looks', () => {
  it.each<[string, Dialog | null, string]>([
    ['the room', null, 'room'],
    ['a card', cardFor({ id: 'A1' }, { localMs: 0 }), 'action'],
    ['an entry', entry, 'writing'],
    ['a menu', menu, 'room'],
    ['a question', ask, 'room'],
    ['the help', { name: 'help', top: 3 }, 'room'],
    ['the palette', { name: 'palette', text: 'res', cursor: 0 }, 'room'],
    ['the chart of a service', onScreen('signals', { subject: 'checkout' }), 'services'],
    ['the ledger, filtered', onScreen('ledger', { filter: 'A1', isFiltering: true }), 'ledger'],
  ])('is told of %s', (_what, dialog, expected) => {
    expect(presencePlace(dialog)).toBe(expected);
  });

  it('is a place of the protocol for every screen there is', () => {
    for (const screen of SCREENS) expect(PLACES).toContain(presencePlace(onScreen(screen)));
  });

  it('tells nothing of what is written', () => {
    expect(JSON.stringify(presencePlace(entry))).not.toContain('checkout');
  });
});
