// Owns the corpus of hostile texts, and the judge of what must not be left of them. The judge knows Unicode, not our own rules.

export interface HostileText {
  readonly what: string;
  /** Begins with the word `before`. */
  readonly text: string;
}

/** What the attacks carry: it is in no text that is shown, not even as plain characters. */
export const PAYLOADS = ['c3RvbGVu', 'owned-title', 'evil.example', 'DECRQSS'] as const;

const around = (attack: string): string => `before ${attack}after`;

const OF_TERMINALS: Readonly<Record<string, string>> = {
  'a write to the clipboard': around('\u001b]52;c;c3RvbGVu\u0007'),
  'a write to the clipboard, ended by ST': around('\u001b]52;c;c3RvbGVu\u001b\\'),
  'a question for the clipboard': around('\u001b]52;c;?\u0007'),
  'a link that leads elsewhere': around('\u001b]8;;http://evil.example/\u001b\\https://wiki.example\u001b]8;;\u001b\\'),
  'a title of the window and the icon': around('\u001b]0;owned-title\u0007'),
  'a title of the window': around('\u001b]2;owned-title\u001b\\'),
  'a title that the terminal types back': around('\u001b[21t'),
  'a notification of the desktop': around('\u001b]9;owned-title\u0007\u001b]777;notify;owned-title;x\u001b\\'),
  'a new palette': around('\u001b]4;0;#ff0000\u0007\u001b]11;?\u0007'),
  'a shell prompt that was never there': around('\u001b]133;A\u0007\u001b]1337;File=inline=1:c3RvbGVu\u0007'),
  'a report of the cursor': around('\u001b[6n\u001b[5n\u001b[?6n'),
  'a report of the device': around('\u001b[c\u001b[>c\u001b[=c\u001bZ'),
  'a report of a setting': around('\u001bP$qDECRQSS\u001b\\'),
  'a sixel picture': around('\u001bPq#0;2;0;0;0#0~~c3RvbGVu\u001b\\'),
  'a message for tmux': around('\u001bPtmux;\u001b\u001b]52;c;c3RvbGVu\u0007\u001b\\'),
  'an application command and a privacy message': around(
    '\u001b_Gc3RvbGVu\u001b\\\u001b^c3RvbGVu\u001b\\\u001bXc3RvbGVu\u001b\\',
  ),
  'an unterminated string': 'before \u001b]0;owned-title and the rest of the screen',
  'an unterminated device control': 'before \u001bPc3RvbGVu and the rest of the screen',
  'an unterminated control sequence': 'before \u001b[38;5;',
  'an escape at the end': 'before \u001b',
  'a screen wiped and drawn anew': around('\u001b[2J\u001b[3J\u001b[1;1H\u001b[41mall is well\u001b[0m'),
  'another screen, another charset, a reset': around('\u001b[?1049l\u001b(0\u001bc\u001b[!p\u001b#8'),
  'a scroll region, origin mode, insert mode': around('\u001b[5;6r\u001b[?6h\u001b[4h'),
  'keys and the mouse redefined': around('\u001b[?1000h\u001b[?2004l\u001b[>4;2m\u001b=\u001b[0;59;"c3RvbGVu";13p'),
  'sequences inside of sequences': around('\u001b\u001b[2J[31m\u001b[\u001b[2J31m\u001b]\u001b]0;owned-title\u0007'),
  'eight-bit control sequences': around('\u009b31m\u009b2J\u009b6n'),
  'eight-bit strings': around('\u009d52;c;c3RvbGVu\u009c\u0090$qDECRQSS\u009c\u009fGc3RvbGVu\u009c'),
  'eight-bit and seven-bit mixed': around('\u009d0;owned-title\u0007\u001b]52;c;c3RvbGVu\u009c'),
  'shifts, bells and locks': around('\u000e\u000f\u0007\u0005\u0013\u0011\u001bN\u001bO'),
  'a line overwritten by a carriage return': around('SEV1\rall is well           \r'),
  'characters taken back': around('SEV1\b\b\b\bSEV4\u007f\u007f'),
  'lines, tabs and pages': around('\n\r\n\t\u000b\u000cIC ana\u0085\u2028\u2029'),
  NULs: around('\u0000\u0000'),
};

const OF_UNICODE: Readonly<Record<string, string>> = {
  'a bidi override': around('\u202egnihton\u202c '),
  'bidi isolates and marks': around('\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u202a\u202b\u202d'),
  'invisible joiners and spaces': around(
    '\u200b\u200c\u200d\u2060\u2061\u2064\ufeff\u00ad\u034f\u180e\u115f\u1160\u3164\uffa0',
  ),
  'tags, which hide a text in a text': around(
    [...'hidden order'].map((c) => String.fromCodePoint(0xe0000 + (c.codePointAt(0) ?? 0))).join(''),
  ),
  'variation selectors': around('x\ufe0f\ufe0ey\u{e0100}\u{e01ef}'),
  'a stack of combining marks': around(`z${'\u0301\u0489'.repeat(60)} `),
  'marks on nothing': `before ${'\u0300'.repeat(40)}after`,
  'wide characters': around('支払いができません 決済 🔥🔥👩‍👩‍👧‍👦👍🏿🇩🇪'),
  'letters wider than they are counted': around(`${'กำ'.repeat(60)} ຊຳລະ क्षत्रिय ﷽ ꧅`),
  'characters that only annotate': around('\ufff9a\ufffab\ufffb\u{1d173}\u{13430}\u{1bca0}'),
  'code points that are no characters': around('\ufffe\uffff\ufdd0\u{10ffff}'),
  'halves of pairs': around('\ud83d\ude00\ud83d \ude00\udfff\ud800'),
  'digits of another script': around('٣٫٥ ％ １２０'),
};

const OF_FORMATS: Readonly<Record<string, string>> = {
  'a call of everybody in Slack': around('<!channel> <!here> <@U024> <https://evil|ok> & *bold* '),
  'more headers for a mail': around('\r\nBcc: everybody@example.org\r\n\r\n<script>'),
  'a mail that ends early': around('\r\n.\r\nMAIL FROM:<x@example.org>\r\n'),
  markup: around(`"><img src=x onerror=alert(1)>'&lt;`),
  'a break out of JSON': around('"},{"ok":true,"x":"\\'),
  'a break out of YAML': around(': [*anchor, !!js/function x] # {{x}} ---\n- key: |\n'),
  'a format of tmux': around('#[fg=red]#(touch /tmp/x)#{pane_id}##(x)###[x] %H'),
  'tags of a screen library': around('{red-fg}{bold}{escape}{|}{/}'),
  'a label of Prometheus': around('"} 1\nevil_total{x="1"} 2\n# HELP \\'),
  'a formula of a spreadsheet': "=before+cmd|' /C calc'!A0",
  'a shell command': around('$(touch /tmp/x) `id` ; rm -rf / && $IFS \'"'),
  'names that objects inherit': '__proto__ before constructor',
};

/** A megabyte: more than any entrance takes. */
export const HUGE = `before ${'so long '.repeat(130_000)}`;
const LONG = `before ${'\u001b[31mlong \u202e'.repeat(6_000)}`;

const named = (texts: Readonly<Record<string, string>>): readonly HostileText[] =>
  Object.entries(texts).map(([what, text]) => ({ what, text }));

export const HOSTILE_TEXTS: readonly HostileText[] = [
  ...named(OF_TERMINALS),
  ...named(OF_UNICODE),
  ...named(OF_FORMATS),
  { what: 'sixty thousand escapes', text: LONG },
];

/** All of it in one, for entrances that are expensive to try. */
export const EVERYTHING = HOSTILE_TEXTS.filter(({ what }) => !/unterminated|escape at the end|sixty/.test(what))
  .map(({ text }) => text)
  .join(' ');

// Controls but the end of a line, formats, surrogates alone, what Unicode says is drawn as nothing, and what is no character.
const STEERS =
  /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]|\p{M}{5}/u;

/** What in a text a terminal could obey or hide, as code points; null where nothing does. */
export const steering = (text: string): string | null => {
  const found = STEERS.exec(text)?.[0];
  return found === undefined ? null : Array.from(found, (one) => `U+${one.codePointAt(0)?.toString(16)}`).join(' ');
};

/** The first payload that a text still carries. */
export const payloadIn = (text: string): string | null => PAYLOADS.find((payload) => text.includes(payload)) ?? null;

/** Every text in a value, names of fields included. */
export const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...textsIn(inner)]);
};
