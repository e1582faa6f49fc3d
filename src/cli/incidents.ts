// Owns `warroom incidents`: every incident there was, open ones first, searchable.
import { cardOf, type IncidentCard, phaseOf } from '../incident/card.ts';
import { msBetween, toTimestamp } from '../incident/time.ts';
import { type AnswerTo, MOST_CARDS } from '../protocol/questions.ts';
import { type IncidentStatus, incidentStatus } from '../protocol/status.ts';
import { age } from '../tui/format.ts';
import { listed } from '../tui/screens/incidents/view-model.ts';
import type { Answering } from './answer.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { columns, printJson, printLines } from './print.ts';
import type { Shell } from './shell.ts';
import { withRoom } from './with-room.ts';

export const incidents = (shell: Shell, words: string, options: Answering): Promise<ExitCode> =>
  withRoom(shell, options, async (client) => {
    const now = toTimestamp(client.now());
    const view = client.view();
    const found = listed(view, words);
    const archive =
      view.room.archived === 0 ? nothing : await client.ask({ about: 'archive', words, limit: MOST_CARDS });
    const archived = archive.cards.filter(({ id }) => !Object.hasOwn(view.room.incidents, id));
    if (options.json) {
      const entries = [
        ...found.map((incident) => ({ ...incidentStatus(incident), ...endsOf(incident), archived: false })),
        ...archived.map((card) => ({ ...cardStatus(card), ...endsOf(card), archived: true })),
      ];
      printJson(shell.stdout, { incidents: entries, archived: archive.total });
    } else if (found.length + archived.length === 0)
      printLines(shell.stdout, [words === '' ? 'no incident' : 'no incident is like that']);
    else {
      const rows = [...found.map(cardOf), ...archived].map((card) => [
        card.severity,
        card.id,
        phaseOf(card),
        `${age(msBetween(card.declaredAt, now))} ago`,
        card.commander ?? '-',
        card.title,
      ]);
      const more =
        archive.total > archive.cards.length
          ? [`the newest ${archive.cards.length} of ${archive.total} archived: search for the others by words`]
          : [];
      printLines(shell.stdout, [...columns(rows), ...more]);
    }
    return EXIT.done;
  });

const nothing: AnswerTo<{ about: 'archive'; words: string; limit: number }> = { about: 'archive', cards: [], total: 0 };

const endsOf = ({
  resolvedAt,
  closedAt,
  falseAlarm,
}: Pick<IncidentCard, 'resolvedAt' | 'closedAt' | 'falseAlarm'>) => ({
  resolvedAt,
  closedAt,
  falseAlarm,
});

/** In the shape of one that is in the room: of a closed one nothing is under way. */
const cardStatus = ({ id, title, severity, phase, services, declaredAt, commander }: IncidentCard): IncidentStatus => ({
  ...{ id, title, severity, phase, services, declaredAt, commander },
  escalation: null,
  recoveryProposed: false,
  ledger: [],
});
