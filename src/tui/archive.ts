// Owns what a terminal asks of the archive, and what the answers change.
import type { Answer, Question } from '../protocol/questions.ts';
import { type Effect, type Situation, type Step, say, stay, type Ui } from './ui.ts';

export const MOST_LISTED = 200;

/** Asks for what the list of incidents now shows, unless it is known or just asked for. */
export const searching = (step: Step, { view }: Pick<Situation, 'view'>): Step => {
  const { archive, dialog } = step.ui;
  if (dialog?.name !== 'screen' || dialog.screen !== 'incidents' || archive.asking !== null) return step;
  if (view.connection.name !== 'live' || view.room.archived === 0) return step;
  if (archive.found?.search === searchOf(dialog.filter, view.room.archived)) return step;
  const question: Question = { about: 'archive', words: dialog.filter, limit: MOST_LISTED };
  return asked(step, question);
};

const searchOf = (words: string, archived: number): string => `${archived} ${words}`;

const asked = ({ ui, effects }: Step, question: Question): Step => {
  const effect: Effect = { type: 'ask', question };
  return { ui: { ...ui, archive: { ...ui.archive, asking: question } }, effects: [...effects, effect] };
};

/** Opens one that is archived, once it is here. */
export const fetched = (ui: Ui, incident: string, situation: Situation): Step =>
  ui.archive.asking === null
    ? asked(stay(say(ui, 'hint', `reading ${incident} from the archive`, situation)), { about: 'incident', incident })
    : stay(say(ui, 'hint', 'the archive is still being searched: press again', situation));

/** What the agent answered, or why it did not. */
export const archiveAnswered = (
  ui: Ui,
  question: Question,
  { answer, problem }: { readonly answer: Answer | null; readonly problem: string | null },
  situation: Situation,
): Ui => {
  const next: Ui = { ...ui, archive: { ...ui.archive, asking: null } };
  if (question.about === 'archive') {
    const search = searchOf(question.words, situation.view.room.archived);
    const { cards, total } = answer?.about === 'archive' ? answer : { cards: [], total: 0 };
    return { ...next, archive: { ...next.archive, found: { search, cards, total, problem } } };
  }
  const incident = answer?.about === 'incident' ? answer.incident : null;
  if (incident === null)
    return say(next, 'refused', problem ?? `${question.incident} is not in the archive`, situation);
  // Whoever went elsewhere meanwhile is not pulled back.
  if (ui.dialog?.name !== 'screen' || ui.dialog.screen !== 'incidents') return next;
  return {
    ...next,
    archive: { ...next.archive, opened: incident },
    incident: incident.id,
    scroll: 0,
    dialog: null,
    behind: null,
    notice: null,
  };
};
