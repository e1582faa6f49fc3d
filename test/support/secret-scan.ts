// Owns looking for secrets in whatever a program left behind, in the shapes that secrets take on their way.

export interface Leak {
  readonly secret: string;
  readonly shape: string;
  readonly place: string;
  readonly near: string;
}

/** Each secret in each place, in plain and in every shape; none is the answer to hope for. */
export const leaksIn = (
  places: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): readonly Leak[] =>
  Object.entries(secrets).flatMap(([secret, value]) =>
    Object.entries(shapesOf(value)).flatMap(([shape, text]) =>
      Object.entries(places).flatMap(([place, content]) => {
        const index = content.indexOf(text);
        return index === -1
          ? []
          : [{ secret, shape, place, near: content.slice(Math.max(0, index - 80), index + 120) }];
      }),
    ),
  );

const shapesOf = (value: string): Readonly<Record<string, string>> => ({
  plain: value,
  'the first half': value.slice(0, Math.ceil(value.length / 2)),
  'in an address': encodeURIComponent(value),
  'in an address, small letters': encodeURIComponent(value).toLowerCase(),
  'in JSON': JSON.stringify(value).slice(1, -1),
  'in JSON in JSON': JSON.stringify(JSON.stringify(value)).slice(3, -3),
  hexadecimal: Buffer.from(value).toString('hex'),
  packed: inBase64(value, 0),
  'packed after one byte': inBase64(value, 1),
  'packed after two bytes': inBase64(value, 2),
});

/** What of the packed form is the same whatever stands before and behind. */
const inBase64 = (value: string, before: number): string =>
  Buffer.concat([Buffer.alloc(before), Buffer.from(value)])
    .toString('base64')
    .slice(before === 0 ? 0 : before + 1, -4);
