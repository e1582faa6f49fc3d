// Owns when the room is lines instead of a screen: asked for, read out by a screen reader, or no terminal to draw on.

type Env = Readonly<Record<string, string | undefined>>;

export interface PlainOccasion {
  readonly isAsked: boolean;
  readonly env: Env;
  readonly stdin: { readonly isTTY?: boolean | undefined };
  readonly stdout: { readonly isTTY?: boolean | undefined };
}

export const wantsPlain = ({ isAsked, env, stdin, stdout }: PlainOccasion): boolean =>
  isAsked ||
  stdin.isTTY !== true ||
  stdout.isTTY !== true ||
  env.TERM === 'dumb' ||
  isSet(env.ACCESSIBLE) ||
  isSet(env.INK_SCREEN_READER);

const isSet = (value: string | undefined): boolean => value !== undefined && !['', '0', 'false', 'no'].includes(value);
