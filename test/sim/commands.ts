// Owns what people do in a simulation: any command there is, mostly a sensible one for the room as they see it.
import type { PersonCommandInput } from '../../src/incident/commands.ts';
import { type Action, type Incident, isOpen, type Room } from '../../src/incident/state.ts';
import { ROLES, SEVERITIES, WORKING_PHASES } from '../../src/incident/words.ts';
import type { Random } from './world/random.ts';
import { SERVICES } from './world/world.ts';

export const PEOPLE = [
  { name: 'ana', permission: 'commander' },
  { name: 'ben', permission: 'commander' },
  { name: 'cleo', permission: 'responder' },
  { name: 'dan', permission: 'viewer' },
] as const;

const ACTIONS = ['circuit-breaker', 'scale-down', 'restart', 'block'] as const;

/** More weight: drawn more often. */
const KINDS: readonly (readonly [PersonCommandInput['type'], number])[] = [
  ['declare', 4],
  ['report-alert', 5],
  ['set-severity', 4],
  ['enter-phase', 2],
  ['claim-role', 4],
  ['release-role', 2],
  ['assign-role', 2],
  ['set-duty', 1],
  ['silence', 1],
  ['lift-silence', 1],
  ['test-contact', 1],
  ['acknowledge', 6],
  ['add-note', 2],
  ['correct-note', 1],
  ['retitle', 1],
  ['change-services', 1],
  ['set-people', 1],
  ['contain', 8],
  ['arm', 4],
  ['disarm', 1],
  ['confirm', 10],
  ['undo', 5],
  ['let-go', 1],
  ['resolve', 4],
  ['reopen', 2],
  ['close', 3],
];

const DRAWN = KINDS.flatMap(([kind, weight]) => Array.from({ length: weight }, () => kind));

/** One command of one person on the room as they see it; most fit, some are refused. */
export const drawCommand = (random: Random, room: Room): PersonCommandInput => {
  for (;;) {
    const drawn = drawAny(random, room);
    const isAboutNothing = JSON.stringify(drawn).includes(NOTHING);
    if (!isAboutNothing || random.chance(0.05)) return drawn;
  }
};

const NOTHING = '999';

const drawAny = (random: Random, room: Room): PersonCommandInput => {
  const incidents = Object.values(room.incidents);
  const pickIncident = (fits: (incident: Incident) => boolean): string => {
    const fitting = incidents.filter(fits);
    if (fitting.length > 0 && random.chance(0.9)) return random.pick(fitting).id;
    return incidents.length > 0 && random.chance(0.8) ? random.pick(incidents).id : `INC-2026-9${NOTHING}`;
  };
  const open = (): string => pickIncident(isOpen);
  const pickAction = (...states: readonly Action['state']['name'][]): string => {
    const all = incidents.flatMap(({ actions }) => Object.values(actions));
    const fitting = all.filter(({ state }) => states.includes(state.name));
    return (fitting.length > 0 && random.chance(0.95) ? random.pick(fitting) : undefined)?.id ?? `A${NOTHING}`;
  };
  const services = (): readonly string[] =>
    random.chance(0.8) ? [random.pick(SERVICES)] : [random.pick(SERVICES), random.pick(SERVICES)];
  const reason = random.chance(0.9) ? 'as drawn' : '';
  const someone = (): string => random.pick(PEOPLE).name;
  const type = random.pick(DRAWN);
  switch (type) {
    case 'declare': {
      const severity = random.pick(SEVERITIES);
      const told = { type, title: `trouble ${random.between(1, 99)}`, services: services(), severity };
      return random.chance(0.15) ? { ...told, people: [someone()] } : told;
    }
    case 'report-alert':
      return {
        type,
        source: 'by-hand',
        fingerprint: `f${random.between(1, 6)}`,
        service: random.pick(SERVICES),
        givenSeverity: random.pick(['critical', 'error', 'warning', 'strange']),
        message: 'an alert',
        firing: random.chance(0.6),
      };
    case 'set-severity':
      return { type, incident: open(), severity: random.pick(SEVERITIES), reason };
    case 'enter-phase':
      return { type, incident: open(), phase: random.pick(WORKING_PHASES) };
    case 'claim-role':
    case 'release-role':
      return { type, incident: open(), role: random.chance(0.6) ? 'commander' : random.pick(ROLES) };
    case 'assign-role':
      return { type, incident: open(), role: random.pick(ROLES), person: someone() };
    case 'set-duty':
      return { type, incident: open(), role: random.pick(ROLES), duty: '1', done: random.chance(0.7) };
    case 'silence':
      return {
        type,
        services: random.chance(0.3) ? ['*'] : services(),
        startsInMs: random.chance(0.7) ? 0 : random.between(1, 600) * 1_000,
        forMs: random.between(60, 1_200) * 1_000,
        reason,
      };
    case 'lift-silence':
      return { type, silence: random.pick([...Object.keys(room.silences), `S${NOTHING}`]) };
    case 'test-contact':
      return { type, contact: random.pick(['ana', 'ben', 'nobody']), channel: null };
    case 'acknowledge':
      return { type, incident: open() };
    case 'add-note':
      return { type, incident: open(), text: `note ${random.between(1, 99)}` };
    case 'correct-note':
      return { type, incident: open(), note: 'N1', text: 'corrected' };
    case 'retitle':
      return { type, incident: open(), title: `trouble ${random.between(1, 99)}` };
    case 'change-services':
      return { type, incident: open(), services: [...services()] };
    case 'set-people':
      return { type, incident: open(), people: random.chance(0.5) ? null : [someone(), someone()] };
    case 'contain':
      return {
        type,
        incident: random.chance(0.7) ? null : open(),
        service: random.pick(SERVICES),
        name: random.pick(ACTIONS),
        params: {},
        arm: random.chance(0.7),
      };
    case 'arm':
      return { type, action: pickAction('planned') };
    case 'disarm':
      return { type, action: pickAction('armed', 'planned', 'requested') };
    case 'confirm':
      return { type, action: pickAction('armed'), typed: random.chance(0.9) ? typedFor(room, random) : null };
    case 'undo':
      return { type, action: pickAction('applied', 'unknown'), arm: random.chance(0.8) };
    case 'let-go':
      return { type, action: pickAction('unknown', 'applied'), reason };
    case 'resolve':
      return { type, incident: open() };
    case 'reopen':
      return { type, incident: pickIncident((incident) => !isOpen(incident)), reason };
    case 'close': {
      const falseAlarm = random.chance(0.2);
      return { type, incident: pickIncident(({ phase }) => phase === 'resolved' || falseAlarm), falseAlarm, reason };
    }
    default:
      return type satisfies never;
  }
};

/** The name of the target of something armed, as it is to be typed. */
const typedFor = (room: Room, random: Random): string => {
  const armed = Object.values(room.incidents)
    .flatMap(({ actions }) => Object.values(actions))
    .filter(({ state }) => state.name === 'armed');
  return armed.length === 0 ? 'checkout' : random.pick(armed).service;
};
