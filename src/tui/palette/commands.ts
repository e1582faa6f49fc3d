// Owns what the palette offers: every key of the room, and what menus would ask for next, said in one line.
import type { RoomView } from '../../client/room-client.ts';
import { shortIncidentId } from '../../incident/references.ts';
import type { Incident } from '../../incident/state.ts';
import type { KeySituation } from '../binding.ts';
import { whileOpen } from '../key-reasons.ts';
import { bindingsIn } from '../keymap.ts';
import { chosen } from '../menu-choice.ts';
import { type Option, optionsOf } from '../menu-options.ts';
import { rememberedWith } from '../remembered.ts';
import { perform } from '../room-keys.ts';
import { incidentsByUrgency } from '../select.ts';
import { closed, type Situation, type Step, stay, type Ui } from '../ui.ts';

export interface PaletteCommand {
  /** What is typed and searched. */
  readonly words: string;
  /** Another way to say it, found where it is typed whole; empty where there is none. */
  readonly also: string;
  readonly detail: string;
  /** The key that does the same; empty where there is none. */
  readonly key: string;
  readonly disabledReason: string | null;
  readonly run: (ui: Ui, situation: Situation) => Step;
}

/** Not a command of its own: moving about, or what leaving the palette does anyway. */
const LEFT_OUT: ReadonlySet<string> = new Set(['scroll', 'palette', 'leave']);

export const paletteCommands = ({ view, incident, now }: KeySituation): readonly PaletteCommand[] =>
  // The time is in nothing but how long the agent has not been heard.
  commandsIn(view, incident, view.connection.name === 'stale' ? now : 0);

const commandsIn = rememberedWith(
  (view: RoomView, incident: Incident | null, now: number): readonly PaletteCommand[] => {
    const situation = { view, incident, now };
    return [...keyCommands(situation), ...choiceCommands(situation), ...incidentCommands(situation)];
  },
);

const keyCommands = (situation: KeySituation): readonly PaletteCommand[] =>
  bindingsIn('room')
    .filter((binding) => !LEFT_OUT.has(binding.id))
    .map((binding) => ({
      words: binding.title,
      also: '',
      detail: binding.consequence,
      key: binding.keys[0] ?? '',
      disabledReason: binding.disabledReason(situation),
      run: (ui, now) => perform(closed(ui), binding, now),
    }));

/** The choices of the incident's menus, each as one line: `contain circuit-breaker on checkout`. */
const choiceCommands = (situation: KeySituation): readonly PaletteCommand[] => {
  const { incident, view } = situation;
  if (incident === null) return [];
  const reason = whileOpen()(situation);
  const menus = [
    { kind: 'contain', verb: 'contain' },
    { kind: 'undo', verb: 'undo' },
    { kind: 'roles', verb: '' },
    { kind: 'severity', verb: 'severity' },
    { kind: 'phase', verb: 'phase' },
  ] as const;
  return menus.flatMap(({ kind, verb }) => {
    const menu = { kind, incident: incident.id } as const;
    return optionsOf(menu, view).map((option: Option) => ({
      words: `${verb} ${option.title}`.trim(),
      also: '',
      detail: option.detail,
      key: '',
      disabledReason: reason ?? option.disabledReason,
      run: (ui: Ui, now: Situation) => chosen(closed(ui), menu, { choice: option.choice, situation: now }),
    }));
  });
};

const incidentCommands = ({ view }: KeySituation): readonly PaletteCommand[] =>
  incidentsByUrgency(view.room).map((incident) => ({
    words: `open ${incident.id} ${incident.title}`,
    also: shortIncidentId(incident.id),
    detail: `${incident.severity}, ${incident.phase}`,
    key: '',
    disabledReason: null,
    run: (ui) => stay({ ...closed(ui), incident: incident.id, scroll: 0 }),
  }));
