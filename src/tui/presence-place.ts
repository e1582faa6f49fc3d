// Owns what the others are told of where this terminal looks.
import type { PresencePlace } from '../protocol/messages.ts';
import type { Dialog } from './dialog.ts';

export const presencePlace = (dialog: Dialog | null): PresencePlace => {
  switch (dialog?.name) {
    case 'screen':
      return dialog.screen === 'signals' ? 'services' : dialog.screen;
    case 'card':
      return 'action';
    case 'entry':
      return 'writing';
    default:
      return 'room';
  }
};
