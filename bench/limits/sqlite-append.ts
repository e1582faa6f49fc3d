// Owns the limit of appending to a database: SQLite with a write-ahead log that is synced at every commit, one row for each line.
import { DatabaseSync } from 'node:sqlite';

export interface SqliteRows {
  /** Milliseconds of each batch: in one transaction, or every row in its own, one after the other. */
  insert(batches: readonly (readonly Buffer[])[], transactions: 'one for all' | 'one each'): readonly number[];
  close(): void;
}

export const openSqliteRows = (path: string): SqliteRows => {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec('CREATE TABLE commits (seq INTEGER PRIMARY KEY, line TEXT NOT NULL)');
  const row = database.prepare('INSERT INTO commits (line) VALUES (?)');
  const insertAll = (lines: readonly string[]): void => {
    for (const line of lines) row.run(line);
  };
  return {
    insert: (batches, transactions) =>
      batches.map((lines) => {
        const texts = lines.map((line) => line.toString());
        const startedAt = performance.now();
        if (transactions === 'one for all') {
          database.exec('BEGIN');
          insertAll(texts);
          database.exec('COMMIT');
        } else insertAll(texts);
        return performance.now() - startedAt;
      }),
    close: () => database.close(),
  };
};
