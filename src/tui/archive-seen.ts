// Owns what a terminal knows of the archive: what it asked for, and what was found.
import type { IncidentCard } from '../incident/card.ts';
import type { Incident } from '../incident/state.ts';
import type { Question } from '../protocol/questions.ts';

export interface ArchiveSeen {
  /** What is being asked; the next question waits for its answer. */
  readonly asking: Question | null;
  /** Of the latest search that was answered; null before. */
  readonly found: ArchiveFound | null;
  /** An archived incident that this terminal opened. */
  readonly opened: Incident | null;
}

export interface ArchiveFound {
  /** What it was searched for, and how many were archived then. */
  readonly search: string;
  readonly cards: readonly IncidentCard[];
  readonly total: number;
  /** Why it could not be searched. */
  readonly problem: string | null;
}

export const noArchive: ArchiveSeen = { asking: null, found: null, opened: null };
