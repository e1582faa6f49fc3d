// Owns a small HTTP server of JSON documents with versions, for actions of the http driver to change.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface JsonDocuments {
  readonly url: string;
  /** The document at a path such as `/checkout/breaker`. */
  get(path: string): unknown;
  set(path: string, document: unknown): void;
  /** How many writes arrived. */
  writes(): number;
  /** From now on every write is answered with this status; null: they are taken. */
  refuseWrites(status: number | null): void;
  close(): Promise<void>;
}

/** GET reads a document with its ETag; PUT replaces it, and minds If-Match. */
export const jsonDocuments = async (start: Readonly<Record<string, unknown>>): Promise<JsonDocuments> => {
  const documents = new Map(Object.entries(start).map(([path, document]) => [path, { document, version: 1 }]));
  let writes = 0;
  let refusal: number | null = null;
  const put = (path: string, document: unknown): void => {
    documents.set(path, { document, version: (documents.get(path)?.version ?? 0) + 1 });
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const path = request.url ?? '';
    const known = documents.get(path);
    if (known === undefined) return void response.writeHead(404).end('{}');
    const answer = (status: number): void => {
      const now = documents.get(path);
      response
        .writeHead(status, { 'content-type': 'application/json', etag: `"${now?.version}"` })
        .end(JSON.stringify(now?.document));
    };
    if (request.method === 'GET') return answer(200);
    writes += 1;
    if (refusal !== null) return void response.writeHead(refusal).end('{}');
    const condition = request.headers['if-match'];
    if (condition !== undefined && condition !== `"${known.version}"`) return void response.writeHead(412).end('{}');
    put(path, JSON.parse(body));
    answer(200);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get: (path) => documents.get(path)?.document,
    set: put,
    writes: () => writes,
    refuseWrites: (status) => {
      refusal = status;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
