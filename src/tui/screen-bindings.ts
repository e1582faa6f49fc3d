// Owns the keys that only one screen has.
import { boundIn } from './binding.ts';
import { asking, onIncident, whileOpen } from './key-reasons.ts';

export const screenBindings = [
  ...boundIn('services', [
    {
      id: 'silence',
      keys: ['m'],
      label: 'mute',
      title: 'silence the service',
      consequence: 'for a time that you give: what would declare waits for its end',
      disabledReason: asking(),
    },
  ]),
  ...boundIn('ledger', [
    {
      id: 'undo-marked',
      keys: ['u'],
      label: 'undo',
      title: 'undo the marked one',
      consequence: 'plans taking it back; the card asks before anything happens',
      disabledReason: asking(onIncident(() => null)),
    },
  ]),
  ...boundIn('roles', [
    {
      id: 'take',
      keys: ['t'],
      label: 'take',
      title: 'take the marked role',
      consequence: 'a role has one holder: a free one only',
      disabledReason: whileOpen(),
    },
    {
      id: 'give',
      keys: ['g'],
      label: 'give',
      title: 'give the marked role',
      consequence: 'to whom you name; command is taken, not given',
      disabledReason: whileOpen(),
    },
    {
      id: 'release',
      keys: ['x'],
      label: 'release',
      title: 'release the role',
      consequence: 'your own, or as the commander any',
      disabledReason: asking(onIncident(() => null)),
    },
  ]),
  ...boundIn('silences', [
    {
      id: 'silence',
      keys: ['m'],
      label: 'mute',
      title: 'silence a service',
      consequence: 'for a time that you give: what would declare waits for its end',
      disabledReason: asking(),
    },
    {
      id: 'lift',
      keys: ['x'],
      label: 'lift',
      title: 'lift the marked one',
      consequence: 'what still fires declares now',
      disabledReason: asking(),
    },
  ]),
];
