// Owns the counters of how pages, messages to sinks and containment actions turned out.
import { Counter, type Registry } from 'prom-client';
import type { EventOf, EventType, IncidentEvent } from '../../incident/events.ts';
import { own } from '../../incident/own.ts';
import type { Action, Incident, Message, Page } from '../../incident/state.ts';
import { boundedLabel } from './label-value.ts';

const PAGE_OUTCOMES = ['sent', 'retried', 'failed', 'cancelled'] as const;
const MESSAGE_OUTCOMES = ['sent', 'retried', 'failed'] as const;
const ACTION_OUTCOMES = ['applied', 'failed', 'unknown', 'refused', 'disarmed', 'undone', 'let_go'] as const;

const ACTION_OUTCOME: Readonly<Partial<Record<EventType, (typeof ACTION_OUTCOMES)[number]>>> = {
  'action.applied': 'applied',
  'action.failed': 'failed',
  'action.unknown': 'unknown',
  'action.refused': 'refused',
  'action.disarmed': 'disarmed',
  'action.undone': 'undone',
  'action.let_go': 'let_go',
};

/** The ways this version has to reach people. */
const CHANNELS = ['email', 'log', 'slack', 'webhook'] as const;

/** Counts one event of an incident. What the incident does not know counts nothing. */
export const outcomeCounters = (registry: Registry): ((event: IncidentEvent, incident: Incident) => void) => {
  const pages = pageCounter(registry);
  const messages = messageCounter(registry);
  const actions = actionCounter(registry);
  for (const channel of CHANNELS) {
    for (const kind of ['page', 'notice'] as const) pages.begin({ channel, kind });
  }
  return (event, incident) => {
    if ('page' in event) {
      if (event.type === 'page.requested') pages.begin(event);
      else if (event.type === 'page.cancelled') pages.count(own(incident.pages, event.page), 'cancelled');
      else pages.count(own(incident.pages, event.page), outcomeOfTry(event));
    } else if ('message' in event) {
      if (event.type === 'message.queued') messages.begin(event);
      else messages.count(own(incident.messages, event.message), outcomeOfTry(event));
    } else if ('action' in event) {
      const outcome = ACTION_OUTCOME[event.type];
      if (event.type === 'action.requested') actions.begin(event);
      else if (outcome !== undefined) actions.count(own(incident.actions, event.action), outcome);
    }
  };
};

type Tried = EventOf<'page.sent' | 'page.failed' | 'message.sent' | 'message.failed'>;

const outcomeOfTry = (event: Tried): 'sent' | 'retried' | 'failed' => {
  if (event.type === 'page.sent' || event.type === 'message.sent') return 'sent';
  return event.retryAt === null ? 'failed' : 'retried';
};

const pageCounter = (registry: Registry) => {
  const channelOf = boundedLabel();
  return outcomeCounter(registry, {
    name: 'warroom_pages_total',
    help: 'Outcomes of pages and notices, by channel: every try counts, failed is for good.',
    labels: ['channel', 'kind'],
    outcomes: PAGE_OUTCOMES,
    labelsOf: ({ channel, kind }: Pick<Page, 'channel' | 'kind'>) => ({ channel: channelOf(channel), kind }),
  });
};

const messageCounter = (registry: Registry) => {
  const sinkOf = boundedLabel();
  const channelOf = boundedLabel();
  return outcomeCounter(registry, {
    name: 'warroom_messages_total',
    help: 'Outcomes of messages to sinks: every try counts, failed is for good.',
    labels: ['sink', 'channel'],
    outcomes: MESSAGE_OUTCOMES,
    labelsOf: ({ sink, channel }: Pick<Message, 'sink' | 'channel'>) => ({
      sink: sinkOf(sink),
      channel: channelOf(channel),
    }),
  });
};

const actionCounter = (registry: Registry) => {
  const nameOf = boundedLabel();
  return outcomeCounter(registry, {
    name: 'warroom_actions_total',
    help: 'Outcomes of containments, and of the undos of them, by the action of the configuration.',
    labels: ['action', 'kind'],
    outcomes: ACTION_OUTCOMES,
    labelsOf: ({ name, undoes }: Pick<Action, 'name' | 'undoes'>) => ({
      action: nameOf(name),
      kind: undoes === null ? 'containment' : 'undo',
    }),
  });
};

interface CountedOutcomes<Thing, Label extends string, Outcome extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
  readonly outcomes: readonly Outcome[];
  readonly labelsOf: (thing: Thing) => Readonly<Record<Label, string>>;
}

const outcomeCounter = <Thing, Label extends string, Outcome extends string>(
  registry: Registry,
  { name, help, labels, outcomes, labelsOf }: CountedOutcomes<Thing, Label, Outcome>,
) => {
  const counter = new Counter<string>({ name, help, labelNames: [...labels, 'outcome'], registers: [registry] });
  return {
    /** Every outcome is known at 0: a series that begins at 1 hides its first increase from Prometheus. */
    begin: (thing: Thing): void => {
      for (const outcome of outcomes) counter.inc({ ...labelsOf(thing), outcome }, 0);
    },
    count: (thing: Thing | undefined, outcome: Outcome): void => {
      if (thing !== undefined) counter.inc({ ...labelsOf(thing), outcome });
    },
  };
};
