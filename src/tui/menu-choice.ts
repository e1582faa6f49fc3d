// Owns what follows from a choice in a menu: a command, or the next thing to ask for.
import { own } from '../incident/own.ts';
import { isAbove } from '../incident/words.ts';
import type { Menu } from './dialog.ts';
import type { Choice } from './menu-options.ts';
import { opened, type Situation, type Step, sent, stay, type Ui } from './ui.ts';

export const chosen = (
  ui: Ui,
  menu: Menu,
  { choice, situation }: { readonly choice: Choice; readonly situation: Situation },
): Step => {
  if (menu.kind === 'declare-service') {
    return choice.kind === 'service'
      ? stay(opened(ui, { name: 'entry', purpose: { kind: 'declare-title', service: choice.service }, text: '' }))
      : stay(ui);
  }
  if (menu.kind === 'declare-severity') {
    if (choice.kind !== 'severity') return stay(ui);
    return sent(
      ui,
      { type: 'declare', title: menu.title, services: [menu.service], severity: choice.severity },
      situation,
    );
  }
  const { incident } = menu;
  switch (choice.kind) {
    case 'contain':
      return sent(
        ui,
        { type: 'contain', incident, service: choice.service, name: choice.action, params: {}, arm: true },
        situation,
      );
    case 'undo':
      return sent(ui, { type: 'undo', action: choice.action, arm: true }, situation);
    case 'claim':
      return sent(ui, { type: 'claim-role', incident, role: choice.role }, situation);
    case 'release':
      return sent(ui, { type: 'release-role', incident, role: choice.role }, situation);
    case 'phase':
      return sent(ui, { type: 'enter-phase', incident, phase: choice.phase }, situation);
    case 'severity': {
      const from = own(situation.view.room.incidents, incident)?.severity ?? choice.severity;
      if (isAbove(from, choice.severity)) {
        return stay(
          opened(ui, { name: 'entry', purpose: { kind: 'lower', incident, severity: choice.severity }, text: '' }),
        );
      }
      return sent(ui, { type: 'set-severity', incident, severity: choice.severity, reason: '' }, situation);
    }
    case 'service':
      return stay(ui);
    default:
      return choice satisfies never;
  }
};
