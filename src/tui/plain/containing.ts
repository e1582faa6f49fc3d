// Owns containment by typed words: a plan is read out before it can be armed, and confirmed by its name alone, never by Enter, a paste or a line typed ahead.
import { actionId } from '../../incident/references.ts';
import type { Action, Incident } from '../../incident/state.ts';
import { DEAD_TIME_MS } from '../dialog.ts';
import { actionsUnderWay, actionToView, findAction } from '../select.ts';
import { nextStep, planLines } from './plan-lines.ts';
import { asks, type Heard, type Memory, type Situation, says, sends, type Turn } from './talk.ts';

interface About {
  readonly heard: Heard;
  readonly situation: Situation;
}

/** Reads the plan out; from then on, and a moment later, it can be armed and confirmed. */
export const readsOut = (memory: Memory, action: Action, { view, now, localMs }: Situation): Turn =>
  says(readNow(memory, action.id, localMs), ...planLines(view, action, now));

const readNow = (memory: Memory, id: string, localMs: number): Memory => ({
  ...memory,
  readOut: { ...memory.readOut, [id]: localMs },
});

export const plans = (memory: Memory, rest: string, { incident, situation }: OfIncident): Turn => {
  const action = rest === '' ? (incident === null ? null : actionToView(incident)) : named(rest, situation);
  return action === null ? says(memory, nothingNamed(rest)) : readsOut(memory, action, situation);
};

interface OfIncident {
  readonly incident: Incident | null;
  readonly situation: Situation;
}

const named = (said: string, { view }: Situation): Action | null =>
  findAction(view.room, actionId(said.split(/\s+/)[0] ?? ''));

const nothingNamed = (said: string): string =>
  said === '' ? 'nothing is planned: contain or undo plans something' : `there is no ${said}: say it as in plan A7`;

export const arms = (memory: Memory, rest: string, { heard, situation }: About): Turn => {
  const action = rest === '' ? onlyPlanned(memory, situation) : named(rest, situation);
  if (action === null) return says(memory, rest === '' ? 'say which one, as in arm A7' : nothingNamed(rest));
  if (action.state.name !== 'planned')
    return says(memory, `${action.id} is ${action.state.name}`, ...nextStep(situation.view, action));
  return (
    notReadOut(memory, action, { heard, situation }) ?? sends(memory, { type: 'arm', action: action.id }, situation)
  );
};

/** The one whose plan this person heard, as long as there is but one. */
const onlyPlanned = ({ readOut }: Memory, { view }: Situation): Action | null => {
  const planned = Object.keys(readOut)
    .map((id) => findAction(view.room, id))
    .filter((action) => action !== null && action.state.name === 'planned');
  return planned.length === 1 ? (planned[0] ?? null) : null;
};

export const confirms = (memory: Memory, rest: string, about: About): Turn => {
  const { situation } = about;
  const [id = '', ...name] = rest.split(/\s+/);
  const action = id === '' ? null : named(id, situation);
  if (action === null) return says(memory, id === '' ? 'say which one, as in confirm A7' : nothingNamed(id));
  if (action.state.name !== 'armed')
    return says(memory, `${action.id} is ${action.state.name}, not armed`, ...nextStep(situation.view, action));
  if (action.confirm === 'two-person' && action.state.by === situation.view.me)
    return says(memory, `you armed ${action.id}: a second person confirms it`);
  const refused = notReadOut(memory, action, about);
  if (refused !== null) return refused;
  if (action.confirm !== 'typed') return sends(memory, { type: 'confirm', action: action.id, typed: null }, situation);
  return name.length === 0
    ? asksTarget(memory, action)
    : targetSaid(memory, action, { name: name.join(' '), situation });
};

const asksTarget = (memory: Memory, { id, service }: Action): Turn =>
  asks(
    memory,
    { kind: 'target', action: id },
    `type the name ${service} to confirm ${id}; an empty line leaves it unconfirmed`,
  );

const targetSaid = (
  memory: Memory,
  action: Action,
  { name, situation }: { readonly name: string; readonly situation: Situation },
): Turn =>
  name === action.service
    ? sends(memory, { type: 'confirm', action: action.id, typed: name }, situation)
    : asks(
        memory,
        { kind: 'target', action: action.id },
        `that is not the name: type ${action.service}; an empty line leaves ${action.id} unconfirmed`,
      );

/** The answer to the question for the target's name. */
export const targetAnswered = (memory: Memory, id: string, { heard, situation }: About): Turn => {
  const action = findAction(situation.view.room, id);
  if (action === null || action.state.name !== 'armed')
    return says({ ...memory, question: null }, `${id} is no longer armed: nothing was confirmed`);
  if (!heard.isAlone) return says(memory, `that came together with other lines: type ${action.service} by itself`);
  return targetSaid(memory, action, { name: heard.text.trim(), situation });
};

/** Whoever has not heard the plan hears it now, and says the word again. */
const notReadOut = (memory: Memory, action: Action, { heard, situation }: About): Turn | null => {
  const readAtMs = Object.hasOwn(memory.readOut, action.id) ? memory.readOut[action.id] : undefined;
  if (readAtMs === undefined) {
    const turn = readsOut(memory, action, situation);
    return { ...turn, lines: ['the plan first:', ...turn.lines] };
  }
  if (heard.isAlone && heard.atMs >= readAtMs + DEAD_TIME_MS) return null;
  return says(
    memory,
    `too soon: that came before the plan of ${action.id} was told to its end; type it again by itself`,
  );
};

/** After an arm was recorded: what comes next, and the moment from which a confirm counts. */
export const armedNow = (memory: Memory, id: string, situation: Situation): Turn => {
  const action = findAction(situation.view.room, id);
  const next = readNow(memory, id, situation.localMs);
  return action === null ? says(next) : says(next, ...nextStep(situation.view, action));
};

export const cancels = (memory: Memory, rest: string, { incident, situation }: OfIncident): Turn => {
  const action = rest === '' ? mineUnderWay(incident, situation) : named(rest, situation);
  if (action === null) return says(memory, rest === '' ? 'nothing of yours is planned or armed' : nothingNamed(rest));
  return sends(memory, { type: 'disarm', action: action.id }, situation);
};

const mineUnderWay = (incident: Incident | null, { view }: Situation): Action | null => {
  const mine = incident === null ? [] : actionsUnderWay(incident).filter(({ requestedBy }) => requestedBy === view.me);
  return mine.find(({ state }) => ['armed', 'planned', 'requested'].includes(state.name)) ?? null;
};
