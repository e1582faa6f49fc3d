// Owns reading a mail as a mail program does: headers unfolded and decoded, the parts of a multipart, whatever encoding they came in.

export interface ReadMail {
  /** Names in lower case; what stands twice is here twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The first header of that name, or null. */
  header(name: string): string | null;
  readonly text: string;
  readonly html: string;
}

export const readMail = (source: string): ReadMail => {
  const parts = partsOf(source);
  const part = (type: string): string =>
    parts.find(({ headers }) => (firstOf(headers, 'content-type') ?? 'text/plain').startsWith(type))?.body ?? '';
  const { headers } = split(source);
  return {
    headers,
    header: (name) => firstOf(headers, name),
    text: part('text/plain'),
    html: part('text/html'),
  };
};

type Headers = ReadMail['headers'];

interface Part {
  readonly headers: Headers;
  readonly body: string;
}

const firstOf = (headers: Headers, name: string): string | null =>
  headers.find(([given]) => given === name)?.[1] ?? null;

const split = (source: string): Part => {
  const lines = source.replaceAll('\r\n', '\n');
  const end = lines.indexOf('\n\n');
  const head = end === -1 ? lines : lines.slice(0, end);
  const headers = head
    .replace(/\n[ \t]+/g, ' ')
    .split('\n')
    .map((line): readonly [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), decodedWords(line.slice(colon + 1).trim())];
    });
  return { headers, body: end === -1 ? '' : lines.slice(end + 2) };
};

const partsOf = (source: string): readonly Part[] => {
  const { headers, body } = split(source);
  const boundary = /boundary="?([^";]+)"?/.exec(firstOf(headers, 'content-type') ?? '')?.[1];
  if (boundary === undefined) return [{ headers, body: decodedBody(headers, body) }];
  return `\n${body}`
    .split(`\n--${boundary}`)
    .slice(1, -1)
    .flatMap((part) => partsOf(part.replace(/^\n/, '')));
};

const decodedBody = (headers: Headers, body: string): string => {
  const encoding = firstOf(headers, 'content-transfer-encoding')?.toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  return encoding === 'quoted-printable' ? fromQuoted(body.replace(/=\n/g, '')) : body;
};

const fromQuoted = (text: string): string =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString();

/** RFC 2047; the space between two encoded words is none. */
const decodedWords = (value: string): string =>
  value
    .replace(/(=\?[^?]+\?[BQ]\?[^?]*\?=)\s+(?==\?)/gi, '$1')
    .replace(/(?:=\?[^?]+\?[BQ]\?[^?]*\?=)+/gi, (run) =>
      Buffer.concat(
        [...run.matchAll(/=\?[^?]+\?([BQ])\?([^?]*)\?=/gi)].map(([, kind = '', text = '']) =>
          kind.toUpperCase() === 'B' ? Buffer.from(text, 'base64') : Buffer.from(fromQuoted(text.replaceAll('_', ' '))),
        ),
      ).toString(),
    );
