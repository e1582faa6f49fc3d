// Owns what the archive answers a person who asks, one question at a time: each reads the list of all that ever left the room.
import type { Answer, Question } from '../../protocol/questions.ts';
import type { Archive } from './archive.ts';

export type Answering = (question: Question, person: string) => Promise<Answer>;

/** Whoever asks while another is answered waits: a hundred screens opened at once cost the memory of one. */
export const answersFrom = (archive: Pick<Archive, 'cards' | 'incident'>): Answering => {
  let before: Promise<unknown> = Promise.resolve();
  return (question, person) => {
    const answer = before.then(() => answered(archive, question, person));
    before = answer.catch(() => undefined);
    return answer;
  };
};

const answered = async (
  archive: Pick<Archive, 'cards' | 'incident'>,
  question: Question,
  person: string,
): Promise<Answer> => {
  switch (question.about) {
    case 'archive': {
      const { words, limit } = question;
      return { about: 'archive', ...(await archive.cards({ words, person, limit })) };
    }
    case 'incident':
      return { about: 'incident', incident: await archive.incident(question.incident, person) };
    default:
      return question satisfies never;
  }
};
