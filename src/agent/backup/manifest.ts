// Owns what the first entry of a backup says: that it is one, of which form, made when and by which version.
import * as z from 'zod/mini';

export const MANIFEST = 'warroom-backup.json';
/** The folder in the archive that holds the files of the state directory. */
export const STATE = 'state';
/** Raised when an older program could not restore what a newer one packs. */
export const BACKUP_VERSION = 1;

const manifestSchema = z.object({ v: z.number(), madeAt: z.string(), version: z.string() });

export type Manifest = z.infer<typeof manifestSchema>;

/** Null when it is none. */
export const readManifest = (text: string): Manifest | null => {
  try {
    return z.parse(manifestSchema, JSON.parse(text));
  } catch {
    return null;
  }
};
