// Owns reading a plan out in full: what would change, what it touches, the way back, and the word that comes next.
import type { RoomView } from '../../client/room-client.ts';
import type { Action } from '../../incident/state.ts';
import { cardFor } from '../dialog.ts';
import { timeOfDay } from '../format.ts';
import { cardModel } from '../screens/action/view-model.ts';

export const planLines = (view: RoomView, action: Action, now: number): readonly string[] => {
  const model = cardModel(view, { now, card: cardFor(action, { localMs: 0 }) });
  const changes = model.changes.map(({ path, before, after }) => `${path}, from ${before} to ${after}`);
  const isPlanned = action.plan !== null;
  return [
    `plan ${action.id}: ${model.title}, ${model.asked}, in ${action.incident}`,
    ...[
      model.state.text,
      ...(isPlanned && changes.length === 0 ? ['changes nothing: it is so already'] : []),
      ...changes.map((change) => `${model.changesTitle} ${change}`),
      ...model.touches.map((touched) => `touches ${touched}`),
      ...(model.command === '' ? [] : [`same as ${model.command}`]),
      ...(model.inverse === '' ? [] : [`undo: ${model.inverse}`]),
      ...(model.expires === '' ? [] : [model.expires]),
    ].map((line) => `  ${line}`),
    ...nextStep(view, action),
  ];
};

/** The word to type next, and what it takes. */
export const nextStep = ({ me }: RoomView, action: Action): readonly string[] => {
  const { id, state, confirm } = action;
  if (state.name === 'planned')
    return [
      confirm === 'none'
        ? `nothing has happened yet: arm ${id} does it at once, as policy marks it harmless; cancel ${id} drops it`
        : `nothing has happened yet: arm ${id} arms it, then ${confirmWords(action)}; cancel ${id} drops it`,
    ];
  if (state.name !== 'armed') return [];
  const until = `before ${timeOfDay(state.until)}`;
  if (confirm === 'two-person' && state.by === me)
    return [`a second person confirms it ${until}; cancel ${id} drops it`];
  return [`nothing has happened yet: ${confirmWords(action)}, ${until}; cancel ${id} drops it`];
};

const confirmWords = ({ id, confirm, service }: Action): string => {
  switch (confirm) {
    case 'none':
    case 'key':
      return `confirm ${id} does it`;
    case 'typed':
      return `confirm ${id} asks for the name ${service} and does it`;
    case 'two-person':
      return `a second person's confirm ${id} does it`;
    default:
      return confirm satisfies never;
  }
};
