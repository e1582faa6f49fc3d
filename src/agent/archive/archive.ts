// Owns the archive beside the journal: closed incidents that left the room, one file each, and a list of them. Derived: the log can tell all anew.
import { join } from 'node:path';
import { cardOf, type IncidentCard, isFound } from '../../incident/card.ts';
import type { Commit } from '../../incident/commit.ts';
import { own } from '../../incident/own.ts';
import type { Incident, Room } from '../../incident/state.ts';
import { mayView } from '../../incident/visibility.ts';
import type { Disk } from '../log/disk.ts';
import { readWhole, replaceFile } from '../log/durable-file.ts';
import { STATE_SHAPE } from '../state-shape.ts';
import { decodeArchived, encodeArchived } from './archive-file.ts';
import { archivedIn } from './archived-in.ts';

export interface FoundCards {
  /** Newest first. */
  readonly cards: readonly IncidentCard[];
  /** How many were found, those beyond the limit too. */
  readonly total: number;
}

export interface Archive {
  /** Puts a closed incident there, durably. The same once more changes nothing. Rejects when the disk refuses. */
  keep(incident: Incident): Promise<void>;
  /** As it left the room; null where there is none, or the person may not see it. */
  incident(id: string, person: string): Promise<Incident | null>;
  /** Those that the person may see and that have every word. */
  cards(search: { readonly words: string; readonly person: string; readonly limit: number }): Promise<FoundCards>;
}

interface ArchiveParts {
  readonly disk: Disk;
  readonly stateDirectory: string;
  /** As it is committed: it says how many incidents have left it. */
  readonly room: () => Pick<Room, 'incidents' | 'archived'>;
  readonly readLog: () => AsyncIterable<Commit>;
}

const ID = /^INC-\d{4}-\d{4,9}$/;

export const archiveDirectory = (stateDirectory: string): string => join(stateDirectory, 'archive');
export const cardsPath = (directory: string): string => join(directory, `cards-${STATE_SHAPE}.jsonl`);
export const archivePath = (directory: string, id: string): string => join(directory, `${id}.json`);

export const openArchive = ({ disk, stateDirectory, room, readLog }: ArchiveParts): Archive => {
  const directory = archiveDirectory(stateDirectory);
  const listPath = cardsPath(directory);
  let renewing: Promise<void> | null = null;

  const write = async (incident: Incident): Promise<void> => {
    await disk.makeDirectory(directory);
    await replaceFile(archivePath(directory, incident.id), encodeArchived(incident), disk);
  };

  const list = async (card: IncidentCard): Promise<void> => {
    const file = await disk.openToAppend(listPath);
    try {
      await file.write(Buffer.from(`${JSON.stringify(card)}\n`));
      await file.datasync();
    } finally {
      await file.close();
    }
  };

  const listed = async (): Promise<readonly IncidentCard[] | null> => {
    const kept = readCards((await readWhole(disk, listPath)) ?? '');
    // One that was kept and then reopened has not left.
    const cards = kept?.filter(({ id }) => own(room().incidents, id) === undefined) ?? null;
    return cards !== null && cards.length >= room().archived ? cards : null;
  };

  /** Something is missing or damaged: one pass over the log writes all of it anew. */
  const renew = (): Promise<void> => {
    const run = async (): Promise<void> => {
      const found: Incident[] = [];
      const cards: IncidentCard[] = [];
      const fold = archivedIn((incident) => {
        found.push(incident);
        cards.push(cardOf(incident));
      });
      await disk.makeDirectory(directory);
      for await (const commit of readLog()) {
        fold(commit);
        for (const incident of found.splice(0)) await write(incident);
      }
      await replaceFile(listPath, cards.map((card) => `${JSON.stringify(card)}\n`).join(''), disk);
    };
    renewing ??= run().finally(() => {
      renewing = null;
    });
    return renewing;
  };

  const read = async (id: string): Promise<Incident | null> => {
    const text = await readWhole(disk, archivePath(directory, id));
    return text === null ? null : decodeArchived(id, text);
  };

  const cards = async (): Promise<readonly IncidentCard[]> => {
    const sound = await listed();
    if (sound !== null) return sound;
    await renew();
    return (await listed()) ?? [];
  };

  return {
    keep: async (incident) => {
      await renewing;
      await write(incident);
      await list(cardOf(incident));
    },
    incident: async (id, person) => {
      if (!ID.test(id)) return null;
      const known = (await cards()).some((card) => card.id === id);
      if (!known) return null;
      const incident = (await read(id)) ?? (await renew().then(() => read(id)));
      return incident !== null && mayView(incident, person) ? incident : null;
    },
    cards: async ({ words, person, limit }) => {
      const found = (await cards()).filter((card) => mayView(card, person) && isFound(card, words));
      return { cards: found.slice(-limit).reverse(), total: found.length };
    },
  };
};

/** The latest card of each incident, in the order in which they left; null where a line is no card. */
export const readCards = (text: string): readonly IncidentCard[] | null => {
  const cards = new Map<string, IncidentCard>();
  try {
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const card = JSON.parse(line) as IncidentCard;
      cards.delete(card.id);
      cards.set(card.id, card);
    }
  } catch {
    return null;
  }
  return [...cards.values()];
};
